#include "interactions-svc/journal/entry_body.h"

#include <algorithm>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/gzip_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace kith::interactions {
namespace {

using google::protobuf::io::ArrayInputStream;
using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::GzipInputStream;
using google::protobuf::io::GzipOutputStream;
using google::protobuf::io::StringOutputStream;

}  // namespace

std::string CompressBody(absl::string_view body) {
  std::string compressed;
  StringOutputStream sink(&compressed);
  GzipOutputStream::Options options;
  options.format = GzipOutputStream::ZLIB;
  GzipOutputStream deflating(&sink, options);
  {
    CodedOutputStream coded(&deflating);
    coded.WriteRaw(body.data(), static_cast<int>(body.size()));
  }
  deflating.Close();
  return compressed;
}

absl::StatusOr<std::string> DecompressBody(absl::string_view compressed,
                                           int64_t size) {
  ArrayInputStream source(compressed.data(),
                          static_cast<int>(compressed.size()));
  GzipInputStream inflating(&source, GzipInputStream::ZLIB);
  std::string body;
  const void* chunk = nullptr;
  int count = 0;
  while (static_cast<int64_t>(body.size()) <= size &&
         inflating.Next(&chunk, &count)) {
    body.append(static_cast<const char*>(chunk), static_cast<size_t>(count));
  }
  if (inflating.ZlibErrorCode() < 0 ||
      static_cast<int64_t>(body.size()) != size) {
    return absl::DataLossError("the body of an entry is damaged");
  }
  return body;
}

}  // namespace kith::interactions
