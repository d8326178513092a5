#ifndef KITH_GATEWAY_EDGE_OPENAPI_COMMENTS_H_
#define KITH_GATEWAY_EDGE_OPENAPI_COMMENTS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"

namespace kith::edge {

// What protos say of their elements in comments. The descriptors of generated
// code have none, so they are read from a descriptor set, by full name.
// Thread-safe.
class Comments {
 public:
  // `descriptors` is a serialized FileDescriptorSet that protoc wrote with
  // --include_imports and --include_source_info. INVALID_ARGUMENT if it is
  // none.
  static absl::StatusOr<Comments> Parse(absl::string_view descriptors);

  // Each returns the comment above the element as Markdown: its lines, without
  // the slashes and the space behind them. Empty if there is none, or if the
  // descriptor set does not have the element.
  std::string Of(const google::protobuf::Descriptor& message) const;
  std::string Of(const google::protobuf::FieldDescriptor& field) const;
  std::string Of(const google::protobuf::OneofDescriptor& oneof) const;
  std::string Of(const google::protobuf::EnumDescriptor& type) const;
  std::string Of(const google::protobuf::EnumValueDescriptor& value) const;
  std::string Of(const google::protobuf::ServiceDescriptor& service) const;
  std::string Of(const google::protobuf::MethodDescriptor& method) const;

  // That above "package" in a file.
  std::string OfPackage(const google::protobuf::FileDescriptor& file) const;

 private:
  Comments() = default;

  // In this order, as the pool reads the database when it is asked.
  std::unique_ptr<google::protobuf::SimpleDescriptorDatabase> database_;
  std::unique_ptr<google::protobuf::DescriptorPool> pool_;
};

// Returns the first sentence of a comment, on one line, without its full stop.
std::string FirstSentence(absl::string_view comment);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_OPENAPI_COMMENTS_H_
