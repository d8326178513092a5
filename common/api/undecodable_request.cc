#include "common/api/undecodable_request.h"

#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "common/status/rpc_status.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/stubs/common.h"
#include "google/protobuf/wire_format_lite.h"
#include "google/rpc/status.pb.h"

namespace kith::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Deeper messages are refused by protobuf.
constexpr int kMaxDepth = 100;

// As many are told of one request: a status travels in a header of 8 KiB.
constexpr int kMaxFaults = 10;

// One field of an encoded message.
struct WireField {
  int number = 0;
  // All, and the tag alone.
  absl::string_view bytes;
  absl::string_view tag;
  // The content of a text, of bytes or of a message. Not set for numbers.
  absl::string_view content;
  bool has_content = false;
};

// Reads the fields of an encoded message, one after the other.
class WireReader {
 public:
  explicit WireReader(absl::string_view bytes)
      : bytes_(bytes),
        in_(reinterpret_cast<const uint8_t*>(bytes.data()),
            static_cast<int>(bytes.size())) {}

  // False at the end, and where the bytes are no field.
  bool Next(WireField& field) {
    const int begin = in_.CurrentPosition();
    const uint32_t tag = in_.ReadTag();
    field = {};
    field.number = WireFormatLite::GetTagFieldNumber(tag);
    if (tag == 0) return false;
    ended_ = false;
    field.tag = bytes_.substr(begin, in_.CurrentPosition() - begin);
    if (field.number == 0) return false;
    if (WireFormatLite::GetTagWireType(tag) ==
        WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      uint32_t size = 0;
      if (!in_.ReadVarint32(&size)) return false;
      if (size > bytes_.size() - in_.CurrentPosition()) return false;
      field.has_content = true;
      field.content = bytes_.substr(in_.CurrentPosition(), size);
      in_.Skip(static_cast<int>(size));
    } else if (!WireFormatLite::SkipField(&in_, tag)) {
      return false;
    }
    ended_ = true;
    field.bytes = bytes_.substr(begin, in_.CurrentPosition() - begin);
    return true;
  }

  // After Next was false: true if all bytes were fields.
  bool AtEnd() { return ended_ && in_.ConsumedEntireMessage(); }

 private:
  const absl::string_view bytes_;
  CodedInputStream in_;
  bool ended_ = true;
};

// Looks for the fields of a request for which protobuf refuses it.
class FaultFinder {
 public:
  // Adds the faults of a message; `path` names it in the request.
  void Find(const Descriptor& type, absl::string_view bytes,
            const std::string& path = "", int depth = 0) {
    WireReader reader(bytes);
    WireField wire;
    absl::flat_hash_map<int, int> counts;
    while (depth < kMaxDepth && count_ < kMaxFaults && reader.Next(wire)) {
      const FieldDescriptor* const field = type.FindFieldByNumber(wire.number);
      if (field == nullptr || !wire.has_content) continue;
      // The key and the value of a map have the name of the map.
      std::string inner = type.options().map_entry() ? path
                          : path.empty()
                              ? field->name()
                              : absl::StrCat(path, ".", field->name());
      if (field->is_repeated() && !field->is_map()) {
        absl::StrAppend(&inner, "[", counts[wire.number]++, "]");
      }
      FindInside(*field, wire.content, inner, depth);
    }
    // Of the request itself there is no name to tell.
    if (count_ < kMaxFaults && !reader.AtEnd() && !path.empty()) {
      Add(path, absl::StrCat("cannot be decoded, want a ", type.full_name()));
    }
  }

  const Violations& faults() const { return faults_; }

 private:
  void FindInside(const FieldDescriptor& field, absl::string_view content,
                  const std::string& path, int depth) {
    if (field.type() == FieldDescriptor::TYPE_STRING &&
        !google::protobuf::internal::IsStructurallyValidUTF8(
            content.data(), static_cast<int>(content.size()))) {
      Add(path, "not UTF-8, want UTF-8");
    }
    if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
      Find(*field.message_type(), content, path, depth + 1);
    }
  }

  void Add(absl::string_view path, absl::string_view problem) {
    faults_.Add(path, problem);
    ++count_;
  }

  Violations faults_;
  int count_ = 0;
};

// Why `bytes` are no `type`, which they are not.
absl::Status Explain(const Descriptor& type, absl::string_view bytes) {
  FaultFinder finder;
  finder.Find(type, bytes);
  if (!finder.faults().empty()) return finder.faults().ToStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the request cannot be decoded, want a ", type.full_name()));
}

// Null if they cannot be decoded.
std::unique_ptr<Message> Decode(const Descriptor& type,
                                absl::string_view bytes) {
  std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(&type)
          ->New());
  const bool decoded =
      message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return decoded ? std::move(message) : nullptr;
}

// The error of an item in a field `results`; null if there is none.
const FieldDescriptor* ErrorOf(const FieldDescriptor* results) {
  if (results == nullptr || !results->is_repeated() ||
      results->message_type() == nullptr) {
    return nullptr;
  }
  const FieldDescriptor* const error =
      results->message_type()->FindFieldByName("error");
  if (error == nullptr ||
      error->message_type() != google::rpc::Status::descriptor()) {
    return nullptr;
  }
  return error;
}

// The items, if the method takes a batch; else null.
const FieldDescriptor* ItemsOf(
    const google::protobuf::MethodDescriptor& method) {
  if (ErrorOf(method.output_type()->FindFieldByName("results")) == nullptr) {
    return nullptr;
  }
  const FieldDescriptor* items = nullptr;
  for (int i = 0; i < method.input_type()->field_count(); ++i) {
    const FieldDescriptor* const field = method.input_type()->field(i);
    if (!field->is_repeated() || field->message_type() == nullptr) continue;
    if (items != nullptr) return nullptr;
    items = field;
  }
  return items;
}

}  // namespace

UndecodableRequest::UndecodableRequest(
    const google::protobuf::MethodDescriptor& method, absl::string_view bytes)
    : method_(method) {
  if (const FieldDescriptor* const items = ItemsOf(method); items != nullptr) {
    SaveOthers(*items, bytes);
  }
  if (request_ == nullptr) status_ = Explain(*method.input_type(), bytes);
}

void UndecodableRequest::SaveOthers(const FieldDescriptor& items,
                                    absl::string_view bytes) {
  std::string saved;
  WireReader reader(bytes);
  WireField wire;
  int place = 0;
  while (reader.Next(wire)) {
    if (wire.number != items.number() || !wire.has_content) {
      absl::StrAppend(&saved, wire.bytes);
      continue;
    }
    if (Decode(*items.message_type(), wire.content) != nullptr) {
      absl::StrAppend(&saved, wire.bytes);
    } else {
      errors_.emplace(place, Explain(*items.message_type(), wire.content));
      // An empty message.
      absl::StrAppend(&saved, wire.tag, absl::string_view("\0", 1));
    }
    ++place;
  }
  if (reader.AtEnd()) request_ = Decode(*method_.input_type(), saved);
}

void UndecodableRequest::PutErrors(Message& response) const {
  const FieldDescriptor& results =
      *response.GetDescriptor()->FindFieldByName("results");
  for (const auto& [place, error] : errors_) {
    if (place >= response.GetReflection()->FieldSize(response, &results)) break;
    Message& result = *response.GetReflection()->MutableRepeatedMessage(
        &response, &results, place);
    result.Clear();
    result.GetReflection()
        ->MutableMessage(&result, ErrorOf(&results))
        ->CopyFrom(status::ToProto(error));
  }
}

}  // namespace kith::api
