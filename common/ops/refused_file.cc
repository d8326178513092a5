#include "common/ops/refused_file.h"

#include "common/ops/metrics.h"

namespace kith::ops {

void SetFileRefused(const std::string& path, bool refused) {
  if (path.empty()) return;
  Gauge("kith_file_refused",
        "1 while a file has something else than what is in force, as it "
        "cannot be used.",
        {{"file", path}})
      .Set(refused ? 1 : 0);
}

}  // namespace kith::ops
