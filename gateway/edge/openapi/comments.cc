#include "gateway/edge/openapi/comments.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.pb.h"

namespace kith::edge {
namespace {

using google::protobuf::SourceLocation;

// Of "package" in a FileDescriptorProto.
constexpr int kPackageField = 2;

std::string TextOf(const SourceLocation& location) {
  std::vector<absl::string_view> lines =
      absl::StrSplit(location.leading_comments, '\n');
  for (absl::string_view& line : lines) {
    absl::ConsumePrefix(&line, " ");
    line = absl::StripTrailingAsciiWhitespace(line);
  }
  std::string text = absl::StrJoin(lines, "\n");
  absl::StripAsciiWhitespace(&text);
  return text;
}

// The comment of an element as the pool of the comments has it.
template <typename Descriptor>
std::string CommentAt(const Descriptor* found) {
  SourceLocation location;
  if (found == nullptr || !found->GetSourceLocation(&location)) return "";
  return TextOf(location);
}

}  // namespace

absl::StatusOr<Comments> Comments::Parse(absl::string_view descriptors) {
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromArray(descriptors.data(),
                          static_cast<int>(descriptors.size()))) {
    return absl::InvalidArgumentError("the bytes are no FileDescriptorSet");
  }
  Comments comments;
  comments.database_ =
      std::make_unique<google::protobuf::SimpleDescriptorDatabase>();
  for (const auto& file : set.file()) {
    if (!comments.database_->Add(file)) {
      return absl::InvalidArgumentError(
          "the FileDescriptorSet has elements of one name");
    }
  }
  comments.pool_ = std::make_unique<google::protobuf::DescriptorPool>(
      comments.database_.get());
  return comments;
}

std::string Comments::Of(const google::protobuf::Descriptor& message) const {
  return CommentAt(pool_->FindMessageTypeByName(message.full_name()));
}

std::string Comments::Of(const google::protobuf::FieldDescriptor& field) const {
  return CommentAt(pool_->FindFieldByName(field.full_name()));
}

std::string Comments::Of(const google::protobuf::OneofDescriptor& oneof) const {
  return CommentAt(pool_->FindOneofByName(oneof.full_name()));
}

std::string Comments::Of(const google::protobuf::EnumDescriptor& type) const {
  return CommentAt(pool_->FindEnumTypeByName(type.full_name()));
}

std::string Comments::Of(
    const google::protobuf::EnumValueDescriptor& value) const {
  return CommentAt(pool_->FindEnumValueByName(value.full_name()));
}

std::string Comments::Of(
    const google::protobuf::ServiceDescriptor& service) const {
  return CommentAt(pool_->FindServiceByName(service.full_name()));
}

std::string Comments::Of(
    const google::protobuf::MethodDescriptor& method) const {
  return CommentAt(pool_->FindMethodByName(method.full_name()));
}

std::string Comments::OfPackage(
    const google::protobuf::FileDescriptor& file) const {
  const auto* const found = pool_->FindFileByName(file.name());
  SourceLocation location;
  if (found == nullptr ||
      !found->GetSourceLocation({kPackageField}, &location)) {
    return "";
  }
  return TextOf(location);
}

std::string FirstSentence(absl::string_view comment) {
  const absl::string_view paragraph = comment.substr(0, comment.find("\n\n"));
  const std::string line = absl::StrReplaceAll(paragraph, {{"\n", " "}});
  const size_t end = std::min(line.find(". "), line.size());
  return std::string(absl::StripSuffix(line.substr(0, end), "."));
}

}  // namespace kith::edge
