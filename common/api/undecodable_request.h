#ifndef KITH_COMMON_API_UNDECODABLE_REQUEST_H_
#define KITH_COMMON_API_UNDECODABLE_REQUEST_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace kith::api {

// The bytes of a request that protobuf refuses to decode, such as text that is
// not UTF-8. Tells which fields are at fault, and saves the other items of a
// batch. A batch is a request with one repeated field of messages, its items,
// whose response has a field `results` of messages with a google.rpc.Status
// `error`. Costs several times what decoding costs. Immutable.
class UndecodableRequest {
 public:
  // `bytes` is what a caller sent as the request of `method`.
  UndecodableRequest(const google::protobuf::MethodDescriptor& method,
                     absl::string_view bytes);

  // OK if only items of a batch are at fault: then the call goes on with
  // request(). Else INVALID_ARGUMENT, with the fields at fault as
  // Violations::ToStatus tells them: "contact.display_name: not UTF-8, want
  // UTF-8".
  const absl::Status& status() const { return status_; }

  // The batch, with an empty message in the place of each item at fault, which
  // the method must refuse as it refuses any bad item. Null if status() is not
  // OK.
  const google::protobuf::Message* request() const { return request_.get(); }

  // Replaces the result of each item at fault by an INVALID_ARGUMENT whose
  // fields are those of the item. `response` is that of `method` for the
  // request.
  void PutErrors(google::protobuf::Message& response) const;

 private:
  // Fills request_ and errors_ if only items are at fault.
  void SaveOthers(const google::protobuf::FieldDescriptor& items,
                  absl::string_view bytes);

  const google::protobuf::MethodDescriptor& method_;
  absl::Status status_;
  std::unique_ptr<google::protobuf::Message> request_;
  // By the place of the item in the batch.
  std::map<int, absl::Status> errors_;
};

}  // namespace kith::api

#endif  // KITH_COMMON_API_UNDECODABLE_REQUEST_H_
