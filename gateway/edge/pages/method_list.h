#ifndef KITH_GATEWAY_EDGE_PAGES_METHOD_LIST_H_
#define KITH_GATEWAY_EDGE_PAGES_METHOD_LIST_H_

#include <string>

#include "gateway/edge/openapi/comments.h"
#include "gateway/edge/routes/routes.h"

namespace kith::edge {

// Returns an HTML page that lists the REST routes: HTTP method, path, name,
// first sentence of the comment, scope. It needs no script, and its style is at
// /docs/list.css.
std::string MethodListPage(const Routes& routes, const Comments& comments);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PAGES_METHOD_LIST_H_
