#ifndef KITH_GATEWAY_EDGE_PAGES_PAGES_H_
#define KITH_GATEWAY_EDGE_PAGES_PAGES_H_

#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "gateway/edge/http/exchange.h"

namespace kith::edge {

// Texts that are the same for everybody, each under a path of its own. A
// request finds one by its whole path, so it never reaches a file. Thread-safe
// once it is filled.
class Pages {
 public:
  // Adds a page with a Content-Type.
  void Add(const std::string& path, const std::string& type,
           const std::string& body);

  // Sends who asks for `path` to another path of this server.
  void AddRedirect(const std::string& path, const std::string& target);

  // Returns true if there is a page under the path.
  bool Has(absl::string_view path) const { return pages_.contains(path); }

  // Returns the reply to a request with this path, without its query: the page,
  // packed if the request takes gzip; 304 if the request has its ETag; 405 for
  // another method than GET and HEAD. The reply to HEAD has a body, which the
  // connection leaves out. Nullopt if there is no such page.
  //
  // A page may load scripts, styles and pictures from this server alone, and
  // call no other; nobody may frame it. Caches ask each time whether it is
  // still the same.
  std::optional<Reply> Find(const RequestHead& request,
                            absl::string_view path) const;

 private:
  struct Page {
    // 200, or 302 with a location.
    int status = 200;
    Headers headers;
    std::string body;
    // Empty if it does not gain by it.
    std::string gzip;
    std::string etag;
  };

  std::map<std::string, Page, std::less<>> pages_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PAGES_PAGES_H_
