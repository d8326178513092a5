#include "gateway/edge/pages/method_list.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "kith/common/v1/common.pb.h"

namespace kith::edge {
namespace {

constexpr char kHead[] = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kith API</title>
<link rel="stylesheet" href="/docs/list.css">
</head>
<body>
<main>
<h1>Kith API</h1>
<p>Every call carries <code>authorization: Bearer &lt;key&gt;</code>. Fields, errors and
limits are in <a href="/openapi.json">/openapi.json</a>, which any OpenAPI viewer shows.</p>
<table>
<thead><tr><th>Call</th><th>What it does</th><th>Scope</th></tr></thead>
<tbody>
)";

constexpr char kFoot[] = R"(</tbody>
</table>
</main>
</body>
</html>
)";

std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

}  // namespace

std::string MethodListPage(const Routes& routes, const Comments& comments) {
  std::string page = kHead;
  for (const RestRoute& route : routes.rest()) {
    const auto& method = *route.method;
    absl::StrAppend(
        &page, "<tr><td><code>", route.http_method, " ", Escaped(route.pattern),
        "</code></td><td><strong>", Escaped(method.name()), "</strong><br>",
        Escaped(FirstSentence(comments.Of(method))), ".</td><td><code>",
        Escaped(method.options().GetExtension(common::v1::scope)),
        "</code></td></tr>\n");
  }
  return absl::StrCat(page, kFoot);
}

}  // namespace kith::edge
