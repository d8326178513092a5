#include "gateway/flows/touch_rounds.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/api/contact_fields.h"
#include "common/base/sha256.h"
#include "gateway/flows/touch.h"

namespace kith::gateway {
namespace {

using identity::v1::ChannelValue;
using Keys = std::set<std::string>;

// A browser as identity-svc may match it: equal for all that may be the same.
// White space of ASCII does not count there; what else does not, or is another
// spelling, has characters beyond it.
std::string KeyOfBrowser(const ChannelValue& value) {
  std::string key;
  for (const char c : value.value()) {
    if (!absl::ascii_isascii(static_cast<unsigned char>(c))) return "any";
    if (absl::ascii_isgraph(static_cast<unsigned char>(c))) key.push_back(c);
  }
  return absl::StrCat("browser/", key);
}

Keys BrowsersOf(const v1::RecordTouchRequest& touch) {
  Keys browsers;
  for (const ChannelValue& value : touch.identities()) {
    if (IsBrowser(value)) browsers.insert(KeyOfBrowser(value));
  }
  return browsers;
}

// True if the touch may identify a visitor by more than a value. What stands
// beside the browser may be refused, or stay with somebody else.
bool IdentifiesByFields(const v1::RecordTouchRequest& touch) {
  if (!touch.contact_id().empty()) return IsPurchase(touch);
  const contacts::v1::Contact& contact = touch.contact();
  return absl::c_any_of(touch.identities(), IsBrowser) &&
         (IsPurchase(touch) || api::HasName(contact) ||
          contact.stage() > contacts::v1::STAGE_ANONYMOUS);
}

// Equal for touches whose values are the same, spelled alike and in one order:
// each value becomes of both what it becomes of one.
std::string ValuesOf(const v1::RecordTouchRequest& touch) {
  v1::RecordTouchRequest values;
  *values.mutable_identities() = touch.identities();
  values.set_contact_id(touch.contact_id());
  return base::Fingerprint(values);
}

bool MustKnowVisitors(const v1::RecordTouchRequest& touch) {
  return absl::c_any_of(touch.identities(), IsBrowser) &&
         !absl::c_all_of(touch.identities(), IsBrowser);
}

// The browsers and visitors of a batch, joined where they may be the same
// person.
class Persons {
 public:
  Persons(const v1::BatchRecordTouchesRequest& batch,
          const VisitorsByTouch& visitors) {
    bool any = false;
    for (int i = 0; i < batch.touches_size(); ++i) {
      Keys keys = BrowsersOf(batch.touches(i));
      any |= keys.contains("any");
      if (!visitors.empty()) {
        keys.insert(visitors[i].begin(), visitors[i].end());
      }
      for (const std::string& key : keys) Join(*keys.begin(), key);
      first_.push_back(keys.empty() ? "" : *keys.begin());
    }
    if (!any) return;
    for (const std::string& key : first_) Join("any", key);
  }

  // The person that touch `i` may mean. Empty if it names nobody of them.
  std::string Of(int i) const {
    return first_[i].empty() ? "" : Root(first_[i]);
  }

 private:
  std::string Root(std::string key) const {
    for (auto next = joined_.find(key); next != joined_.end();
         next = joined_.find(key)) {
      key = next->second;
    }
    return key;
  }

  void Join(const std::string& a, const std::string& b) {
    if (a.empty() || b.empty()) return;
    std::string root = Root(b);
    std::string into = Root(a);
    if (root != into) joined_[std::move(root)] = std::move(into);
  }

  std::map<std::string, std::string> joined_;
  // A key of each touch.
  std::vector<std::string> first_;
};

// What the touches of a round write about one person that is not of values.
struct Identified {
  // The values of each touch that may identify the visitor.
  Keys by_fields;
  // The browsers of each touch that may merge the visitor.
  std::vector<Keys> by_merges;
};

bool WaitsFor(const Identified& identified,
              const v1::RecordTouchRequest& touch) {
  const std::string values = ValuesOf(touch);
  const Keys browsers = BrowsersOf(touch);
  return absl::c_any_of(identified.by_fields,
                        [&](const std::string& of) { return of != values; }) ||
         absl::c_any_of(identified.by_merges, [&](const Keys& merged) {
           return !absl::c_includes(merged, browsers);
         });
}

// What makes a touch known again, each with a hash of what goes with it.
std::map<std::string, std::string> RepeatsOf(
    const v1::RecordTouchRequest& touch) {
  std::map<std::string, std::string> repeats;
  const interactions::v1::Interaction& interaction = touch.interaction();
  if (!touch.request_id().empty()) {
    repeats[absl::StrCat("request/", touch.request_id())] =
        base::Fingerprint(touch);
  }
  if (interaction.external_id().empty()) return repeats;
  v1::RecordTouchRequest beside = touch;
  beside.clear_request_id();
  beside.clear_interaction();
  if (IsPurchase(touch)) {
    beside.mutable_interaction()->set_kind(interaction.kind());
    *beside.mutable_interaction()->mutable_occurred_time() =
        interaction.occurred_time();
  }
  const std::string id =
      absl::StrCat(interaction.source(), "/", interaction.external_id());
  repeats[absl::StrCat("source/", id)] = base::Fingerprint(beside);
  const std::string revision = interaction.has_source_revision()
                                   ? absl::StrCat(interaction.source_revision())
                                   : "none";
  repeats[absl::StrCat("revision/", revision, "/", id)] =
      base::Fingerprint(interaction);
  return repeats;
}

// What the touches of the present round have.
struct Round {
  std::map<std::string, Identified> identified;
  std::map<std::string, std::string> repeats;

  bool MustEndBefore(const v1::RecordTouchRequest& touch,
                     const std::string& person) const {
    for (const auto& [key, what] : RepeatsOf(touch)) {
      const auto known = repeats.find(key);
      if (known != repeats.end() && known->second != what) return true;
    }
    const auto known = identified.find(person);
    return known != identified.end() && MustKnowVisitors(touch) &&
           WaitsFor(known->second, touch);
  }

  void Add(const v1::RecordTouchRequest& touch, const std::string& person) {
    repeats.merge(RepeatsOf(touch));
    if (person.empty()) return;
    if (IdentifiesByFields(touch)) {
      identified[person].by_fields.insert(ValuesOf(touch));
    }
    if (MustKnowVisitors(touch)) {
      identified[person].by_merges.push_back(BrowsersOf(touch));
    }
  }
};

}  // namespace

bool DependsOnVisitors(const v1::BatchRecordTouchesRequest& batch) {
  bool earlier = false;
  for (const v1::RecordTouchRequest& touch : batch.touches()) {
    if (earlier && MustKnowVisitors(touch)) return true;
    earlier |= absl::c_any_of(touch.identities(), IsBrowser) ||
               (!touch.contact_id().empty() && IsPurchase(touch));
  }
  return false;
}

std::vector<int> RoundsOf(const v1::BatchRecordTouchesRequest& batch,
                          const VisitorsByTouch& visitors) {
  const Persons persons(batch, visitors);
  Round present;
  std::vector<int> rounds;
  int round = 0;
  for (int i = 0; i < batch.touches_size(); ++i) {
    const v1::RecordTouchRequest& touch = batch.touches(i);
    const std::string person = persons.Of(i);
    if (present.MustEndBefore(touch, person)) {
      present = {};
      ++round;
    }
    present.Add(touch, person);
    rounds.push_back(round);
  }
  return rounds;
}

}  // namespace kith::gateway
