#ifndef KITH_TESTS_MODEL_HOLDING_MODEL_H_
#define KITH_TESTS_MODEL_HOLDING_MODEL_H_

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kith::model {

// Who holds which channel values, and since when, as the rules say it. Times
// are microseconds since the epoch. Not thread-safe.
class HoldingModel {
 public:
  struct Holding {
    std::string contact_id;
    int64_t start = kFromEver;
    // The first microsecond after it; none while it is open.
    std::optional<int64_t> end;
  };
  static constexpr int64_t kFromEver = std::numeric_limits<int64_t>::min();

  // What became of one value of a touch.
  struct Claimed {
    Holding holding;
    bool is_new = false;
  };

  // A value of a touch.
  struct Value {
    std::string value;
    // Its channel and namespace.
    std::string kind;
    // True if it is an account of a system, which counts more than an address.
    bool account = false;
  };

  // Whom an event with these values belongs to: who holds an account among
  // them, else who holds the first that is held, if they may have the values
  // that nobody holds; else `proposed`. These values are theirs now.
  std::string Claim(const std::vector<Value>& values, int64_t event,
                    int64_t now, const std::string& proposed,
                    std::vector<Claimed>& claimed);

  // Whose the value is from then on: the contact's, or still of one of its
  // group; nullopt where somebody else holds it.
  std::optional<Holding> Link(const Value& value, const std::string& contact_id,
                              const std::set<std::string>& group, int64_t now);

  // The holding as it ended; nullopt where none of the group has an open one.
  std::optional<Holding> Unlink(const std::string& value,
                                const std::set<std::string>& group,
                                int64_t now);

  // Who holds it at a time; null where nobody does.
  const Holding* At(const std::string& value, int64_t micros) const;

  // The values that the contacts hold now.
  std::vector<std::string> ValuesOf(const std::set<std::string>& contacts,
                                    int64_t now) const;

  // For people; the same for models in the same state.
  std::string State() const;

 private:
  // True if the contact, found by `found`, may have the values without a
  // holder.
  bool MayHave(const std::string& contact_id, const Value& found,
               const std::vector<Value>& values, int64_t event);
  // The holding of that time, else the next one after it.
  Holding* OfEvent(const std::string& value, int64_t event);
  Holding& Begin(const std::string& value, const std::string& contact_id,
                 int64_t micros);
  Holding* Open(const std::string& value);

  // In the order of their starts.
  std::map<std::string, std::vector<Holding>> holdings_;
  std::map<std::string, std::string> kinds_;
};

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_HOLDING_MODEL_H_
