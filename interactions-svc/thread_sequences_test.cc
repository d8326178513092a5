// Random sequences of what is recorded, corrected and resolved, in any order of
// time, against a model that works each thread out from all its words.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "gmock/gmock.h"
#include "interactions-svc/threads_fixture.h"

namespace kith::interactions {
namespace {

using ::kith::testing::IsOk;

// A word as the model has it.
struct SaidWord {
  int minute = 0;
  std::string interaction_id;
  // i, o, c, or n for what moves nothing.
  char letter = 'n';
  size_t marks = 0;
  std::string identity;
  bool is_before(size_t last_mark) const { return marks < last_mark; }
};

struct Mark {
  v1::ThreadState state;
  std::optional<int> since = {};  // minute; for OPEN
};

struct ModelThread {
  std::map<std::string, SaidWord> words;  // by external id
  std::vector<Mark> marks;

  // As the customer sees it.
  v1::ThreadState state = v1::THREAD_STATE_RESOLVED;
  std::optional<int> since;
  bool empty = false;
  int last_minute = 0;

  std::vector<SaidWord> Sorted() const {
    std::vector<SaidWord> sorted;
    for (const auto& [id, word] : words) {
      if (word.letter != 'n') sorted.push_back(word);
    }
    std::sort(sorted.begin(), sorted.end(),
              [](const SaidWord& a, const SaidWord& b) {
                return std::tie(a.minute, a.interaction_id) <
                       std::tie(b.minute, b.interaction_id);
              });
    return sorted;
  }

  void WorkOut() {
    std::vector<SaidWord> said = Sorted();
    last_minute = said.empty() ? 0 : said.back().minute;
    const size_t made = marks.size();
    // Only what came after all that whoever made the mark could see counts.
    size_t first = 0;
    for (size_t i = 0; i < said.size(); ++i) {
      if (said[i].is_before(made)) first = i + 1;
    }
    said.erase(said.begin(), said.begin() + static_cast<std::ptrdiff_t>(first));
    state = made == 0 ? v1::THREAD_STATE_RESOLVED : marks.back().state;
    if (made > 0 && state == v1::THREAD_STATE_RESOLVED) {
      while (!said.empty() && said.front().letter != 'i') {
        said.erase(said.begin());
      }
    }
    empty = made == 0 && said.empty();
    since.reset();
    if (!said.empty()) {
      state = said.back().letter == 'o' ? v1::THREAD_STATE_WAITING
                                        : v1::THREAD_STATE_OPEN;
    }
    if (state != v1::THREAD_STATE_OPEN) return;
    bool answered = false;
    for (const SaidWord& word : said) {
      if (word.letter == 'o') {
        since.reset();
        answered = true;
      } else if (!since.has_value()) {
        since = word.minute;
      }
    }
    if (made > 0 && marks.back().state == v1::THREAD_STATE_OPEN && !answered) {
      since = marks.back().since;
    }
  }
};

class Sequence {
 public:
  explicit Sequence(uint32_t seed) : random_(seed) {}
  int Pick(int n) { return static_cast<int>(random_() % n); }
  std::map<std::string, ModelThread>& threads() { return threads_; }

  // The thread that the model chooses; empty: none, "new": one of its own.
  std::string Choose(const std::string& identity, char letter,
                     const std::string& chat, int minute) {
    if (!chat.empty() && chats_.contains(chat)) return chats_[chat];
    if (letter == 'n') return "";
    std::vector<std::string> alike;
    for (const auto& [id, thread] : threads_) {
      if (thread.state == v1::THREAD_STATE_RESOLVED) continue;
      const std::vector<SaidWord> said = thread.Sorted();
      if (said.empty() || minute < said.front().minute - 60) continue;
      for (const auto& [external_id, word] : thread.words) {
        if (word.letter != 'n' && word.identity == identity) {
          alike.push_back(id);
          break;
        }
      }
    }
    if (alike.size() > 1 && letter == 'o') return "";
    if (!alike.empty()) {
      return *std::max_element(
          alike.begin(), alike.end(), [&](const auto& a, const auto& b) {
            return threads_[a].last_minute < threads_[b].last_minute;
          });
    }
    return letter == 'i' ? "new" : "";
  }

  std::map<std::string, std::string> chats_;
  std::map<std::string, v1::RecordInteractionRequest> sent_;
  std::map<std::string, std::string> thread_of_;

 private:
  std::mt19937 random_;
  std::map<std::string, ModelThread> threads_;
};

char LetterOf(const v1::Interaction& one) {
  if (one.automated()) return 'n';
  if (one.direction() == v1::DIRECTION_OUTBOUND) return 'o';
  return one.closing() ? 'c' : 'i';
}

class ThreadSequencesTest : public ThreadsFixture {
 protected:
  v1::RecordInteractionRequest Random(Sequence& sequence,
                                      const std::string& external_id,
                                      const std::string& contact) {
    auto request = Said(
        sequence.Pick(5) < 3 ? v1::DIRECTION_INBOUND : v1::DIRECTION_OUTBOUND,
        external_id, NowMinute() + sequence.Pick(180) - 150, contact);
    v1::Interaction& one = *request.mutable_interaction();
    one.set_kind(v1::KIND_MESSAGE);
    one.set_identity_key(sequence.Pick(2) == 0 ? std::string(32, 'a')
                                               : std::string(32, 'b'));
    one.set_automated(sequence.Pick(6) == 0);
    one.set_closing(one.direction() == v1::DIRECTION_INBOUND &&
                    sequence.Pick(6) == 0);
    return request;
  }

  // Records or corrects, and lets the model do the same.
  void Say(Sequence& sequence, const v1::RecordInteractionRequest& request) {
    const v1::Interaction& one = request.interaction();
    const std::string& external_id = one.external_id();
    const char letter = LetterOf(one);
    std::string wanted = sequence.thread_of_[external_id];
    const bool stays = !wanted.empty();
    const int minute = static_cast<int>(
        absl::ToInt64Minutes(base::FromProto(one.occurred_time()) - Noon()));
    if (!stays) {
      // What was a word opens and finds none by a correction.
      const auto sent = sequence.sent_.find(external_id);
      const bool was_word = sent != sequence.sent_.end() &&
                            LetterOf(sent->second.interaction()) != 'n';
      wanted = sequence.Choose(one.identity_key(), was_word ? 'n' : letter,
                               one.conversation_id(), minute);
    }
    const auto recorded = Record(request);
    ASSERT_THAT(recorded, IsOk());
    const v1::Interaction& stored = recorded->interaction();
    if (wanted == "new") {
      ASSERT_FALSE(sequence.threads().contains(stored.thread_id()));
      wanted = stored.thread_id();
      ASSERT_NE(wanted, "");
    }
    ASSERT_EQ(stored.thread_id(), wanted) << request.ShortDebugString();
    sequence.sent_[external_id] = request;
    if (wanted.empty()) return;
    ModelThread& thread = sequence.threads()[wanted];
    const size_t marks =
        stays ? thread.words[external_id].marks : thread.marks.size();
    sequence.thread_of_[external_id] = wanted;
    thread.words[external_id] = {.minute = std::min(minute, NowMinute()),
                                 .interaction_id = stored.interaction_id(),
                                 .letter = letter,
                                 .marks = marks,
                                 .identity = one.identity_key()};
    if (!stays && !one.conversation_id().empty()) {
      sequence.chats_[one.conversation_id()] = wanted;
    }
    thread.WorkOut();
  }

  void SetRandomState(Sequence& sequence) {
    auto it = sequence.threads().begin();
    std::advance(it,
                 sequence.Pick(static_cast<int>(sequence.threads().size())));
    ModelThread& thread = it->second;
    const auto state = static_cast<v1::ThreadState>(1 + sequence.Pick(3));
    ASSERT_THAT(SetState(it->first, state,
                         state == v1::THREAD_STATE_RESOLVED
                             ? v1::RESOLUTION_ANSWERED
                             : v1::RESOLUTION_UNSPECIFIED),
                IsOk());
    Mark mark{.state = state};
    if (state == v1::THREAD_STATE_OPEN) {
      mark.since = thread.state == v1::THREAD_STATE_OPEN
                       ? thread.since
                       : std::optional<int>(NowMinute());
    }
    thread.marks.push_back(mark);
    thread.WorkOut();
  }

  int NowMinute() {
    return static_cast<int>(
        absl::ToInt64Minutes(harness_.clock().Now() - Noon()));
  }

  void Compare(Sequence& sequence, const std::string& contact) {
    size_t live = 0;
    for (const auto& [id, thread] : sequence.threads()) {
      const v1::Thread shown = Thread(id);
      ASSERT_EQ(shown.state(), thread.state) << id;
      ASSERT_EQ(shown.resolution() == v1::RESOLUTION_EMPTY, thread.empty);
      ASSERT_EQ(shown.has_first_unanswered_time(), thread.since.has_value());
      if (thread.since.has_value()) {
        ASSERT_EQ(base::FromProto(shown.first_unanswered_time()),
                  Noon() + absl::Minutes(*thread.since));
      }
      live += thread.state != v1::THREAD_STATE_RESOLVED;
    }
    const auto activity = Activity({contact});
    ASSERT_EQ(static_cast<size_t>(activity.threads_size()), live);
    for (const v1::Interaction& shown : activity.interactions()) {
      ASSERT_EQ(shown.thread_id(), sequence.thread_of_[shown.external_id()]);
    }
  }

  void Run(uint32_t seed) {
    SCOPED_TRACE(absl::StrCat("sequence ", seed));
    Sequence sequence(seed);
    const std::string contact =
        base::Uuid::MakeFrom(Noon(), absl::StrCat("contact", seed)).ToString();
    for (int step = 0; step < 15; ++step) {
      const int kind = sequence.Pick(10);
      if (kind < 2 && !sequence.sent_.empty()) {
        auto it = sequence.sent_.begin();
        std::advance(it,
                     sequence.Pick(static_cast<int>(sequence.sent_.size())));
        auto corrected = Random(sequence, it->first, contact);
        corrected.mutable_interaction()->set_conversation_id(
            it->second.interaction().conversation_id());
        corrected.mutable_interaction()->set_source_revision(step);
        Say(sequence, corrected);
      } else if (kind < 4 && !sequence.threads().empty()) {
        SetRandomState(sequence);
      } else {
        auto request = Random(sequence, absl::StrCat(seed, "-", step), contact);
        if (sequence.Pick(3) == 0) {
          request.mutable_interaction()->set_conversation_id(
              absl::StrCat(seed, "/", sequence.Pick(2)));
        }
        Say(sequence, request);
      }
      if (HasFatalFailure()) return;
    }
    Compare(sequence, contact);
  }
};

TEST_F(ThreadSequencesTest, EachThreadIsAsIfItHadAlwaysBeenSo) {
  // ./dev test --long asks for 10,000.
  int64_t sequences = 100;
  if (const char* wanted = std::getenv("KITH_MODEL_SEQUENCES")) {
    ASSERT_TRUE(absl::SimpleAtoi(wanted, &sequences));
  }
  for (uint32_t seed = 1; seed <= sequences; ++seed) {
    Run(seed);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace kith::interactions
