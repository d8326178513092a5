#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

constexpr int kSequences = 80;
constexpr int kSteps = 40;
// Before every time of a step.
constexpr int64_t kEver = -62'135'596'800'000'000;

enum class Proof { kForm, kSaid, kProven };

// Who holds one value when, once more and as simply as possible.
class Model {
 public:
  // One who shares the value; until the end of the holding if it has no end.
  struct Sharer {
    std::string contact;
    int64_t start;
    std::optional<int64_t> end;
  };
  struct Held {
    std::string contact;
    int64_t start;
    std::optional<int64_t> end;
    Proof proof;
    // It stands for one before, which has turned out to be nobody's, too.
    bool from_before = false;
    // Empty if the value is not shared.
    std::vector<Sharer> sharers = {};

    bool shared() const { return !sharers.empty(); }
    bool IsSharedBy(const std::string& who) const {
      return shared() && (who == contact || Find(who) != sharers.end());
    }
    std::vector<Sharer>::const_iterator Find(const std::string& who) const {
      return std::find_if(
          sharers.begin(), sharers.end(),
          [&](const Sharer& one) { return one.contact == who && !one.end; });
    }
    // Whom the value means then.
    std::vector<std::string> PeopleAt(int64_t time) const {
      if (!shared()) return {contact};
      std::vector<std::string> people;
      for (const Sharer& one : sharers) {
        if (one.start <= time && (!one.end || time < *one.end)) {
          people.push_back(one.contact);
        }
      }
      return people;
    }
  };

  // The contact of the event.
  std::string Claim(const std::string& contact, Proof proof, int64_t event,
                    int64_t now) {
    Held* const held = OfEvent(event);
    if (held == nullptr) {
      Begin(contact, proof, std::min(event, now));
      return contact;
    }
    if (held->shared()) return held->contact;
    if (proof == Proof::kProven && !held->end && held->proof == Proof::kForm) {
      Replace(*held, contact, proof, std::max(now, held->start + 1));
      return contact;
    }
    if (!held->from_before) held->start = std::min(held->start, event);
    if (!held->end && held->proof == Proof::kForm) held->proof = proof;
    return held->contact;
  }

  absl::StatusCode Link(const std::string& contact, int64_t now) {
    Held* const open = Open();
    if (open == nullptr) {
      Begin(contact, Proof::kSaid, now);
    } else if (open->contact != contact) {
      return StatusCode::kAlreadyExists;
    } else if (open->proof == Proof::kForm) {
      open->proof = Proof::kSaid;
    }
    return StatusCode::kOk;
  }

  absl::StatusCode End(const std::string& contact, int64_t time, int64_t now) {
    Held* const open = Open();
    if (open != nullptr && open->IsSharedBy(contact)) {
      return StatusCode::kFailedPrecondition;
    }
    if (open == nullptr || open->contact != contact) {
      return StatusCode::kNotFound;
    }
    const int64_t end = std::min(time, std::max(now, open->start + 1));
    if (end <= open->start) return StatusCode::kFailedPrecondition;
    open->end = end;
    return StatusCode::kOk;
  }

  absl::StatusCode Move(const std::string& from, const std::string& to,
                        std::optional<int64_t> time, int64_t now) {
    Held* const open = Open();
    if (open != nullptr && open->IsSharedBy(from)) {
      return StatusCode::kFailedPrecondition;
    }
    if (open != nullptr && open->contact == to) {
      return StatusCode::kAlreadyExists;
    }
    if (open == nullptr || open->contact != from) return StatusCode::kNotFound;
    if (!time.has_value()) {
      Replace(*open, to, Proof::kSaid, open->start + 1);
      return StatusCode::kOk;
    }
    const absl::StatusCode ended = End(from, *time, now);
    if (ended == StatusCode::kOk) Begin(to, Proof::kSaid, kEver);
    return ended;
  }

  absl::StatusCode Verify(const std::string& contact, int64_t time,
                          int64_t now) {
    Held* const held = OfEvent(time);
    if (held == nullptr) {
      Begin(contact, Proof::kProven, time);
      return StatusCode::kOk;
    }
    if (held->shared()) return StatusCode::kAlreadyExists;
    if (held->contact == contact) {
      if (!held->from_before) held->start = std::min(held->start, time);
      held->proof = Proof::kProven;
      return StatusCode::kOk;
    }
    if (held->end || held->proof == Proof::kProven || At(time) != held) {
      return StatusCode::kAlreadyExists;
    }
    if (held->proof == Proof::kForm) {
      Replace(*held, contact, Proof::kProven, std::max(now, held->start + 1));
    } else {
      held->end = std::max(time, held->start + 1);
      Begin(contact, Proof::kProven, kEver);
    }
    return StatusCode::kOk;
  }

  absl::StatusCode Share(const std::string& contact,
                         const std::string& stand_in, int64_t now) {
    Held* open = Open();
    if (open == nullptr || !open->shared()) {
      std::vector<std::string> before;
      if (open != nullptr) {
        before.push_back(open->contact);
        open->end = std::max(now, open->start + 1);
      }
      Begin(stand_in, Proof::kSaid, now);
      open = Open();
      for (const std::string& one : before) {
        open->sharers.push_back({one, open->start, std::nullopt});
      }
      now = open->start;
    }
    if (open->Find(contact) == open->sharers.end()) {
      open->sharers.push_back(
          {contact, std::max(now, open->start), std::nullopt});
    }
    return StatusCode::kOk;
  }

  // Keeps one, else removes one, else ends it for all.
  absl::StatusCode Unshare(const std::string& keeper,
                           const std::string& removed, int64_t now) {
    Held* const open = Open();
    if (open == nullptr || !open->shared()) return StatusCode::kNotFound;
    if (!removed.empty()) {
      const auto found = open->Find(removed);
      if (found == open->sharers.end()) return StatusCode::kNotFound;
      Sharer& one = open->sharers[found - open->sharers.begin()];
      one.end = std::max(now, one.start + 1);
      const bool others = std::any_of(
          open->sharers.begin(), open->sharers.end(),
          [](const Sharer& other) { return !other.end.has_value(); });
      if (others) return StatusCode::kOk;
      one.end.reset();
    }
    open->end = std::max(now, open->start + 1);
    if (!keeper.empty()) Begin(keeper, Proof::kSaid, kEver);
    return StatusCode::kOk;
  }

  // Null if nobody holds it then.
  const Held* At(int64_t time) {
    const Held* const held = OfEvent(time);
    const bool holds =
        held != nullptr && (held->start <= time || held->from_before);
    return holds ? held : nullptr;
  }

  Held* Open() {
    return held_.empty() || held_.back().end ? nullptr : &held_.back();
  }

  const std::vector<Held>& held() const { return held_; }

 private:
  Held* OfEvent(int64_t event) {
    for (Held& one : held_) {
      if (!one.end || event < *one.end) return &one;
    }
    return nullptr;
  }

  void Begin(const std::string& contact, Proof proof, int64_t start) {
    const int64_t least = held_.empty() ? kEver : *held_.back().end;
    held_.push_back({contact, held_.empty() ? kEver : std::max(start, least),
                     std::nullopt, proof});
  }

  static void Replace(Held& held, const std::string& contact, Proof proof,
                      int64_t start) {
    held = {contact, start, std::nullopt, proof, true};
  }

  std::vector<Held> held_;
};

class HoldingSequencesTest : public IdentityServiceTest {
 protected:
  // Makes one call at random, and has the model make it. Returns what differs.
  std::string Step();

  // Compares who holds the value at all times that matter.
  std::string Compare();
  std::string CompareNow();

  template <typename Answer>
  static std::string Differs(const std::string& what, const Answer& answer,
                             absl::StatusCode want) {
    if (answer.status().code() == want) return "";
    return absl::StrCat(what, ": ", answer.status().ToString(), ", want ",
                        absl::StatusCodeToString(want));
  }

  int Pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
  }
  std::string PickContact() {
    static constexpr const char* kContacts[] = {kAda, kBob, kCleo};
    return kContacts[Pick(3)];
  }

  std::string ClaimStep(absl::Time time);
  std::string EndStep(absl::Time time);
  std::string MoveStep(absl::Time time);
  std::string VerifyStep(absl::Time time);
  std::string ShareStep();
  std::string UnshareStep();

  // The stand-in contact of the sequence.
  std::string StandIn() {
    return base::Uuid::MakeFrom(absl::UnixEpoch(), value_.value()).ToString();
  }

  // What a Resolve says of whom the value means, at a time.
  std::string MeantAt(int64_t time) {
    const Model::Held* const held = model_.At(time);
    if (held == nullptr) return "RESOLVE_OUTCOME_NONE";
    const std::vector<std::string> people = held->PeopleAt(time);
    return people.size() == 1 ? people.front() : "RESOLVE_OUTCOME_MANY";
  }

  int64_t NowMicros() { return absl::ToUnixMicros(Now()); }

  std::mt19937 random_;
  v1::ChannelValue value_;
  Model model_;
};

std::string HoldingSequencesTest::ClaimStep(absl::Time time) {
  const auto proof = static_cast<Proof>(Pick(3));
  v1::ClaimIdentitiesRequest request = ClaimOf(PickContact(), {value_});
  *request.mutable_event_time() = base::ToProto(time);
  const auto claimed = Claim(request, proof == Proof::kForm   ? kDemoPublic
                                      : proof == Proof::kSaid ? kDemo
                                                              : kDemoVerified);
  const std::string want = model_.Claim(request.proposed_contact_id(), proof,
                                        absl::ToUnixMicros(time), NowMicros());
  if (!claimed.ok()) return claimed.status().ToString();
  return claimed->contact_id() == want
             ? ""
             : absl::StrCat("Claim: ", claimed->contact_id(), ", want ", want);
}

std::string HoldingSequencesTest::EndStep(absl::Time time) {
  v1::UnlinkIdentityRequest request;
  request.set_contact_id(PickContact());
  *request.mutable_value() = value_;
  *request.mutable_end_time() = base::ToProto(time);
  const auto ended = harness_.Call(&Stub::UnlinkIdentity, request);
  return Differs(
      "End", ended,
      model_.End(request.contact_id(), absl::ToUnixMicros(time), NowMicros()));
}

std::string HoldingSequencesTest::MoveStep(absl::Time time) {
  v1::MoveIdentityRequest request;
  request.set_from_contact_id(PickContact());
  request.set_to_contact_id(PickContact());
  *request.mutable_value() = value_;
  std::optional<int64_t> micros;
  if (Pick(2) == 0) {
    request.set_never_theirs(true);
  } else {
    *request.mutable_from_time() = base::ToProto(time);
    micros = absl::ToUnixMicros(time);
  }
  const auto moved = harness_.Call(&Stub::MoveIdentity, request);
  return Differs("Move", moved,
                 model_.Move(request.from_contact_id(), request.to_contact_id(),
                             micros, NowMicros()));
}

std::string HoldingSequencesTest::VerifyStep(absl::Time time) {
  v1::VerifyHoldingRequest request;
  request.set_contact_id(PickContact());
  *request.mutable_value() = value_;
  request.set_method("sms_code");
  *request.mutable_verify_time() = base::ToProto(time);
  const auto verified =
      harness_.Call(&Stub::VerifyHolding, request, kDemoVerified);
  return Differs("Verify", verified,
                 model_.Verify(request.contact_id(),
                               std::min(absl::ToUnixMicros(time), NowMicros()),
                               NowMicros()));
}

std::string HoldingSequencesTest::ShareStep() {
  v1::ShareIdentityRequest request;
  *request.mutable_value() = value_;
  request.add_contact_ids(PickContact());
  request.set_proposed_stand_in_contact_id(StandIn());
  const auto shared = harness_.Call(&Stub::ShareIdentity, request);
  return Differs("Share", shared,
                 model_.Share(request.contact_ids(0), StandIn(), NowMicros()));
}

std::string HoldingSequencesTest::UnshareStep() {
  v1::UnshareIdentityRequest request;
  *request.mutable_value() = value_;
  const int way = Pick(4);
  if (way == 0) request.set_keep_contact_id(PickContact());
  if (way > 1) request.set_remove_contact_id(PickContact());
  const auto ended = harness_.Call(&Stub::UnshareIdentity, request);
  return Differs("Unshare", ended,
                 model_.Unshare(request.keep_contact_id(),
                                request.remove_contact_id(), NowMicros()));
}

std::string HoldingSequencesTest::Step() {
  Pass(absl::Minutes(Pick(30)));
  // Now, a little ahead, or told late.
  const absl::Time time =
      Pick(3) == 0 ? Now() : Now() + absl::Minutes(60 - Pick(600));
  switch (Pick(8)) {
    case 0:
    case 1:
      return ClaimStep(time);
    case 2: {
      const std::string contact = PickContact();
      return Differs("Link", Link(contact, value_),
                     model_.Link(contact, NowMicros()));
    }
    case 3:
      return EndStep(time);
    case 4:
      return MoveStep(time);
    case 5:
      return ShareStep();
    case 6:
      return UnshareStep();
    default:
      return VerifyStep(time);
  }
}

std::string HoldingSequencesTest::Compare() {
  std::vector<int64_t> times = {NowMicros(),
                                NowMicros() - int64_t{24} * 3'600 * 1'000'000};
  for (const Model::Held& held : model_.held()) {
    std::vector<int64_t> borders = {held.start, held.end.value_or(held.start)};
    for (const Model::Sharer& one : held.sharers) {
      borders.insert(borders.end(), {one.start, one.end.value_or(one.start)});
    }
    for (const int64_t border : borders) {
      if (border < 0) continue;
      times.insert(times.end(), {border - 1, border, border + 1});
    }
  }
  for (const int64_t time : times) {
    const std::string want = MeantAt(time);
    const std::string got = HolderAt(value_, absl::FromUnixMicros(time));
    if (got != want) return absl::StrCat(got, " at ", time, ", want ", want);
  }
  return CompareNow();
}

std::string HoldingSequencesTest::CompareNow() {
  const auto now = Resolve(value_);
  const Model::Held* const open = model_.Open();
  std::vector<std::string> people;
  if (open != nullptr) people = open->PeopleAt(INT64_MAX);
  if (!now.ok() || now->candidates_size() != static_cast<int>(people.size())) {
    return "the current holder";
  }
  if (open == nullptr) return "";
  const v1::Identity& shown = now->candidates(0).identity();
  const std::string stand_in = open->shared() ? open->contact : "";
  return shown.contact_id() == people.front() &&
                 now->stand_in_contact_id() == stand_in &&
                 shown.assurance() == static_cast<int>(open->proof) + 1
             ? ""
             : absl::StrCat("shown: ", shown.ShortDebugString());
}

TEST_F(HoldingSequencesTest, TheServiceDoesWhatTheModelDoes) {
  for (int seed = 0; seed < kSequences; ++seed) {
    random_.seed(seed);
    value_ = External("crm", absl::StrCat("sequence-", seed));
    model_ = Model();
    for (int step = 0; step < kSteps; ++step) {
      std::string fault = Step();
      if (fault.empty()) fault = Compare();
      ASSERT_EQ(fault, "") << "seed " << seed << ", step " << step;
    }
  }
}

}  // namespace
}  // namespace kith::identity
