#ifndef KITH_GATEWAY_EDGE_PAGES_DOCS_H_
#define KITH_GATEWAY_EDGE_PAGES_DOCS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/pages/pages.h"
#include "gateway/edge/routes/routes.h"

namespace kith::edge {

// Returns the documentation of the routes: /openapi.json, and /docs, which
// shows it and makes calls; / leads there.
//
// `descriptors` is as for Comments. `directory` has the files of the viewer,
// as the target docs_viewer makes them; they are read now and never again. If
// it is empty or lacks a file, which is logged, /docs is a plain list of the
// routes. `has_sessions` is as for OpenApiDocument. INVALID_ARGUMENT if the
// descriptors are none.
absl::StatusOr<Pages> MakeDocs(const Routes& routes,
                               absl::string_view descriptors,
                               const std::string& directory, bool has_sessions);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PAGES_DOCS_H_
