#include "gateway/edge/pages/docs.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/text_file.h"
#include "common/ops/log.h"
#include "common/status/status_macros.h"
#include "gateway/edge/openapi/comments.h"
#include "gateway/edge/openapi/openapi.h"
#include "gateway/edge/pages/method_list.h"

namespace kith::edge {
namespace {

constexpr char kHtml[] = "text/html; charset=utf-8";
constexpr char kScript[] = "text/javascript; charset=utf-8";
constexpr char kStyle[] = "text/css; charset=utf-8";

// The files of the viewer, and where they are served.
struct ViewerFile {
  const char* path;
  const char* name;
  const char* type;
};
constexpr ViewerFile kViewer[] = {
    {"/docs", "docs.html", kHtml},
    {"/docs/docs.css", "docs.css", kStyle},
    {"/docs/docs.js", "docs.js", kScript},
    {"/docs/swagger-ui.css", "swagger-ui.css", kStyle},
    {"/docs/swagger-ui-bundle.js", "swagger-ui-bundle.js", kScript},
};

// Of the plain list.
constexpr char kListStyle[] = R"(body {
  margin: 0 auto;
  max-width: 72rem;
  padding: 1rem;
  font: 1rem/1.5 system-ui, sans-serif;
  color: #1b1b1b;
  background: #fff;
}
table { border-collapse: collapse; width: 100%; }
th, td {
  border-bottom: 1px solid #ccc;
  padding: 0.5rem 1rem 0.5rem 0;
  text-align: left;
  vertical-align: top;
  overflow-wrap: break-word;
}
code { font-size: 0.9em; }
@media (max-width: 55rem) {
  thead { display: none; }
  table, tbody, tr, td { display: block; border: 0; padding: 0.1rem 0; }
  tr { border-bottom: 1px solid #ccc; padding: 0.75rem 0; }
}
)";

absl::Status AddViewer(const std::string& directory, Pages& pages) {
  std::vector<std::string> bodies;
  for (const ViewerFile& file : kViewer) {
    KITH_ASSIGN_OR_RETURN(
        bodies.emplace_back(),
        base::ReadFile(absl::StrCat(directory, "/", file.name)));
  }
  for (size_t i = 0; i < bodies.size(); ++i) {
    pages.Add(kViewer[i].path, kViewer[i].type, bodies[i]);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Pages> MakeDocs(const Routes& routes,
                               absl::string_view descriptors,
                               const std::string& directory,
                               bool has_sessions) {
  KITH_ASSIGN_OR_RETURN(const Comments comments, Comments::Parse(descriptors));
  Pages pages;
  pages.AddRedirect("/", "/docs");
  pages.Add("/openapi.json", "application/json",
            OpenApiDocument(routes, comments, has_sessions));
  pages.Add("/docs", kHtml, MethodListPage(routes, comments));
  pages.Add("/docs/list.css", kStyle, kListStyle);
  if (directory.empty()) return pages;
  const absl::Status status = AddViewer(directory, pages);
  if (!status.ok()) {
    ops::Log(ops::Severity::kWarning, "/docs is a plain list",
             {{"reason", status.message()}});
  }
  return pages;
}

}  // namespace kith::edge
