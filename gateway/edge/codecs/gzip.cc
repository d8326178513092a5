#include "gateway/edge/codecs/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace kith::edge {
namespace {

// zlib reads and writes the gzip format if this is added to the window's bits.
constexpr int kGzipWindow = MAX_WBITS + 16;

// zlib does not write to its input, though it takes no pointer to const.
Bytef* Input(absl::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

absl::Status TooLargeError(size_t most) {
  return absl::ResourceExhaustedError(
      absl::StrCat("the message holds more than ", most, " bytes"));
}

absl::Status NoGzipError() {
  return absl::InvalidArgumentError("the message is not gzip");
}

// Grows `out`, of which `written` bytes are used, for the next output of
// `stream`; at most to one byte more than `most`, by which too large a message
// shows.
void Grow(z_stream& stream, size_t written, size_t most, std::string& out) {
  out.resize(std::min(std::max<size_t>(1024, out.size() * 2), most + 1));
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + written);
  stream.avail_out = static_cast<uInt>(out.size() - written);
}

}  // namespace

std::string Gzip(absl::string_view bytes) {
  z_stream stream = {};
  // The only error that is possible here is a lack of memory.
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    std::abort();
  }
  const absl::Cleanup end = [&] { deflateEnd(&stream); };
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = Input(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(stream.total_out);
  return out;
}

absl::StatusOr<std::string> Gunzip(absl::string_view gzip, size_t most) {
  z_stream stream = {};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) std::abort();
  const absl::Cleanup end = [&] { inflateEnd(&stream); };
  stream.next_in = Input(gzip);
  stream.avail_in = static_cast<uInt>(gzip.size());
  std::string out;
  size_t written = 0;
  while (true) {
    if (stream.avail_out == 0) {
      if (out.size() > most) return TooLargeError(most);
      Grow(stream, written, most, out);
    }
    const uInt room = stream.avail_out;
    const int result = inflate(&stream, Z_NO_FLUSH);
    written += room - stream.avail_out;
    if (written > most) return TooLargeError(most);
    if (result == Z_STREAM_END && stream.avail_in == 0) break;
    if (result == Z_STREAM_END) {
      // The next member.
      inflateReset(&stream);
    } else if (result != Z_OK ||
               (stream.avail_in == 0 && stream.avail_out > 0)) {
      return NoGzipError();
    }
  }
  out.resize(written);
  return out;
}

}  // namespace kith::edge
