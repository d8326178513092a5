#include "gateway/edge/pages/pages.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/sha256.h"
#include "gateway/edge/codecs/gzip.h"
#include "gateway/edge/protocols/content_coding.h"

namespace kith::edge {
namespace {

// No inline script or style, nothing from elsewhere; `data:` for the pictures
// that a style sheet has in it.
constexpr char kPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

constexpr size_t kEtagBytes = 16;

// A weak one, as the packed body has the same.
std::string EtagOf(absl::string_view body) {
  const std::string hash = base::Sha256(body).substr(0, kEtagBytes);
  return absl::StrCat("W/\"", absl::BytesToHexString(hash), "\"");
}

// Whether an If-None-Match has an ETag, be it weak or not.
bool Matches(absl::string_view header, absl::string_view etag) {
  absl::ConsumePrefix(&etag, "W/");
  for (absl::string_view each : absl::StrSplit(header, ',')) {
    each = absl::StripAsciiWhitespace(each);
    absl::ConsumePrefix(&each, "W/");
    if (each == etag || each == "*") return true;
  }
  return false;
}

}  // namespace

void Pages::Add(const std::string& path, const std::string& type,
                const std::string& body) {
  Page page;
  page.body = body;
  if (body.size() >= kLeastGzipBytes) page.gzip = Gzip(body);
  page.etag = EtagOf(body);
  page.headers = {{"content-type", type},
                  {"etag", page.etag},
                  {"cache-control", "no-cache"},
                  {"vary", "accept-encoding"},
                  {"content-security-policy", kPolicy},
                  {"referrer-policy", "no-referrer"},
                  {"cross-origin-opener-policy", "same-origin"}};
  pages_[path] = std::move(page);
}

void Pages::AddRedirect(const std::string& path, const std::string& target) {
  Page page;
  page.status = 302;
  page.headers = {{"location", target}, {"cache-control", "no-cache"}};
  pages_[path] = std::move(page);
}

std::optional<Reply> Pages::Find(const RequestHead& request,
                                 absl::string_view path) const {
  const auto found = pages_.find(path);
  if (found == pages_.end()) return std::nullopt;
  const Page& page = found->second;
  if (request.method != "GET" && request.method != "HEAD") {
    return Reply{
        .status = 405, .headers = {{"allow", "GET, HEAD"}}, .body = ""};
  }
  Reply reply = {.status = page.status, .headers = page.headers, .body = ""};
  const absl::string_view known = FindHeader(request.headers, "if-none-match");
  if (!page.etag.empty() && Matches(known, page.etag)) {
    reply.status = 304;
  } else if (!page.gzip.empty() && TakesGzip(request.headers)) {
    reply.headers.emplace_back("content-encoding", "gzip");
    reply.body = page.gzip;
  } else {
    reply.body = page.body;
  }
  return reply;
}

}  // namespace kith::edge
