#ifndef KITH_TESTS_MODEL_IDENTITY_MODEL_H_
#define KITH_TESTS_MODEL_IDENTITY_MODEL_H_

#include <map>
#include <string>

#include "kith/identity/v1/identity.pb.h"
#include "tests/model/holding_model.h"

namespace kith::model {

// How the suite shows channel values: what an answer tells of a value itself is
// kept, and the holding is put to it as HoldingModel has it. Not thread-safe.
class IdentityModel {
 public:
  static HoldingModel::Value ValueOf(const identity::v1::ChannelValue& value);

  // Keeps what an answer shows of a value, if it is the first that does.
  void Learn(const std::string& value, const identity::v1::Identity& shown);

  identity::v1::Identity Show(const std::string& value,
                              const HoldingModel::Holding& holding) const;

 private:
  // What values are called and matched by.
  std::map<std::string, identity::v1::Identity> identities_;
};

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_IDENTITY_MODEL_H_
