// Random sequences of what is recorded, corrected, resolved, split, joined and
// taken back, of two contacts and in any order of time, against a model that
// works each thread out from all its words.
//
// KITH_MODEL_SEED and KITH_MODEL_SEQUENCES make the same choices again, or more
// of them.

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/testing/from_environment.h"
#include "gmock/gmock.h"
#include "interactions-svc/threads_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::FromEnvironment;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

// A word as the model has it.
struct SaidWord {
  int minute = 0;
  // By the clock of who reports it; minute is not after the recording.
  int occurred = 0;
  int recorded = 0;
  std::string interaction_id;
  // i, o, c, or n for what moves nothing.
  char letter = 'n';
  size_t marks = 0;
  std::string identity;
  std::string chat;
  bool is_before(size_t last_mark) const { return marks < last_mark; }
};

struct Mark {
  v1::ThreadState state;
  std::optional<int> since = {};  // minute; for OPEN
  int minute = 0;
  bool opens() const { return state == v1::THREAD_STATE_OPEN; }
};

struct ModelThread {
  std::map<std::string, SaidWord> words;  // by external id
  std::vector<Mark> marks;
  std::string contact;
  // The thread that it is hidden behind, and whether by a join.
  std::string hidden_by;
  bool joined = false;

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

  // By external id, in the order of their times.
  std::vector<std::string> InOrder() const {
    std::vector<std::string> ids;
    for (const auto& [id, word] : words) ids.push_back(id);
    std::sort(ids.begin(), ids.end(), [&](const auto& a, const auto& b) {
      return std::tie(words.at(a).minute, words.at(a).interaction_id) <
             std::tie(words.at(b).minute, words.at(b).interaction_id);
    });
    return ids;
  }

  // The newest interaction of a chat.
  std::string NewestOf(const std::string& chat) const {
    std::string newest;
    for (const auto& [id, word] : words) {
      if (word.chat != chat) continue;
      if (newest.empty() ||
          std::tie(words.at(newest).occurred, words.at(newest).interaction_id) <
              std::tie(word.occurred, word.interaction_id)) {
        newest = id;
      }
    }
    return newest;
  }

  // The words that came after all that whoever made the last mark could see.
  std::vector<SaidWord> Unseen() {
    std::vector<SaidWord> said = Sorted();
    last_minute = said.empty() ? 0 : said.back().minute;
    size_t first = 0;
    for (size_t i = 0; i < said.size(); ++i) {
      if (said[i].is_before(marks.size())) first = i + 1;
    }
    said.erase(said.begin(), said.begin() + static_cast<std::ptrdiff_t>(first));
    return said;
  }

  void WorkOut() {
    since.reset();
    if (!hidden_by.empty()) {
      state = v1::THREAD_STATE_RESOLVED;
      empty = false;
      return;
    }
    std::vector<SaidWord> said = Unseen();
    const size_t made = marks.size();
    state = made == 0 ? v1::THREAD_STATE_RESOLVED : marks.back().state;
    if (made > 0 && state == v1::THREAD_STATE_RESOLVED) {
      while (!said.empty() && said.front().letter != 'i') {
        said.erase(said.begin());
      }
    }
    empty = made == 0 && said.empty();
    if (!said.empty()) {
      state = said.back().letter == 'o' ? v1::THREAD_STATE_WAITING
                                        : v1::THREAD_STATE_OPEN;
    }
    if (state == v1::THREAD_STATE_OPEN) WorkOutSince(said);
  }

  void WorkOutSince(const std::vector<SaidWord>& said) {
    bool answered = false;
    for (const SaidWord& word : said) {
      if (word.letter == 'o') {
        since.reset();
        answered = true;
      } else if (!since.has_value()) {
        since = word.minute;
      }
    }
    if (!marks.empty() && marks.back().opens() && !answered) {
      since = SinceOfMark(said.size());
    }
  }

  // Since when the customer waits by the last mark, which says OPEN.
  std::optional<int> SinceOfMark(size_t unseen) const {
    ModelThread before;
    before.marks = marks;
    while (!before.marks.empty() && before.marks.back().opens()) {
      before.marks.pop_back();
    }
    std::vector<SaidWord> seen = Sorted();
    seen.resize(seen.size() - unseen);
    for (const SaidWord& word : seen) before.words[word.interaction_id] = word;
    before.WorkOut();
    const std::optional<int> last = marks.back().since;
    return before.since ? std::min(before.since, last) : last;
  }
};

// A split or a join.
struct ModelMove {
  bool splits = false;
  std::string from = {};
  std::string to = {};
  std::map<std::string, size_t> marks = {};  // of what moved, by external id
  std::set<std::string> chats = {};          // that led to `from`
  bool undone = false;
};

class Sequence {
 public:
  explicit Sequence(uint32_t seed) : random_(seed) {}
  int Pick(int n) { return static_cast<int>(random_() % n); }
  std::map<std::string, ModelThread>& threads() { return threads_; }

  // The thread that the model chooses; empty: none, "new": one of its own.
  std::string Choose(const std::string& contact, const std::string& identity,
                     char letter, const std::string& chat, int minute) {
    bool of_another = false;
    for (const auto& [key, id] : chats_) {
      if (chat.empty() || key.second != chat) continue;
      if (key.first == contact) return id;
      of_another = true;
    }
    if (letter == 'n' || (letter == 'o' && of_another)) return "";
    std::vector<std::string> alike;
    for (const auto& [id, thread] : threads_) {
      if (thread.contact != contact) continue;
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

  // Moves words from one thread to another, with their marks as given.
  void Move(const std::map<std::string, size_t>& marks, ModelThread& from,
            const std::string& to) {
    for (const auto& [id, mark] : marks) {
      SaidWord word = from.words.at(id);
      word.marks = mark;
      from.words.erase(id);
      threads_[to].words[id] = word;
      thread_of_[id] = to;
    }
    from.WorkOut();
    threads_[to].WorkOut();
  }

  // By contact and chat.
  std::map<std::pair<std::string, std::string>, std::string> chats_;
  // By the thread that was made or joined.
  std::map<std::string, ModelMove> splits_;
  std::map<std::string, ModelMove> joins_;
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
    const std::string& contact = one.contact_id();
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
      wanted =
          sequence.Choose(contact, one.identity_key(), was_word ? 'n' : letter,
                          one.conversation_id(), minute);
    }
    const auto answer = Record(request);
    ASSERT_THAT(answer, IsOk());
    const v1::Interaction& stored = answer->interaction();
    if (wanted == "new") {
      ASSERT_FALSE(sequence.threads().contains(stored.thread_id()));
      wanted = stored.thread_id();
      ASSERT_NE(wanted, "");
      sequence.threads()[wanted].contact = contact;
      const std::string before = Thread(wanted).continues_thread_id();
      // Of the other contact, and where its interactions are now.
      if (!before.empty()) {
        ASSERT_EQ(Thread(before).joined_into_thread_id(), "");
      }
    }
    ASSERT_EQ(stored.thread_id(), wanted) << request.ShortDebugString();
    sequence.sent_[external_id] = request;
    Enter(sequence, stored, stays, minute);
  }

  // Has the model keep what is recorded, in the thread that it is in.
  static void Enter(Sequence& sequence, const v1::Interaction& stored,
                    bool stays, int minute) {
    const std::string& external_id = stored.external_id();
    const auto recorded = static_cast<int>(
        absl::ToInt64Minutes(base::FromProto(stored.recorded_time()) - Noon()));
    if (stored.thread_id().empty()) return;
    ModelThread& thread = sequence.threads()[stored.thread_id()];
    const size_t now = thread.marks.size();
    const size_t marks = stays ? thread.words[external_id].marks : now;
    sequence.thread_of_[external_id] = stored.thread_id();
    thread.words[external_id] = {.minute = std::min(minute, recorded),
                                 .occurred = minute,
                                 .recorded = recorded,
                                 .interaction_id = stored.interaction_id(),
                                 .letter = LetterOf(stored),
                                 .marks = marks,
                                 .identity = stored.identity_key(),
                                 .chat = stored.conversation_id()};
    if (!stays && !stored.conversation_id().empty()) {
      sequence.chats_[{stored.contact_id(), stored.conversation_id()}] =
          stored.thread_id();
    }
    thread.WorkOut();
  }

  std::string RandomThread(Sequence& sequence) {
    auto it = sequence.threads().begin();
    std::advance(it,
                 sequence.Pick(static_cast<int>(sequence.threads().size())));
    return it->first;
  }

  void SetRandomState(Sequence& sequence) {
    const std::string id = RandomThread(sequence);
    ModelThread& thread = sequence.threads()[id];
    const auto state = static_cast<v1::ThreadState>(1 + sequence.Pick(3));
    const auto set = SetState(id, state,
                              state == v1::THREAD_STATE_RESOLVED
                                  ? v1::RESOLUTION_ANSWERED
                                  : v1::RESOLUTION_UNSPECIFIED);
    if (!thread.hidden_by.empty()) {
      ASSERT_THAT(set, StatusIs(StatusCode::kFailedPrecondition, "joined"));
      return;
    }
    ASSERT_THAT(set, IsOk());
    const std::optional<int> waited = thread.since;
    Mark mark{.state = state, .minute = NowMinute()};
    if (state == v1::THREAD_STATE_OPEN) mark.since = mark.minute;
    thread.marks.push_back(mark);
    thread.WorkOut();
    if (state == v1::THREAD_STATE_OPEN && waited && thread.since != waited) {
      // Who says OPEN again does not let the customer wait anew.
      thread.marks.back().since = waited;
      thread.WorkOut();
    }
  }

  // What the new thread of a split has of the marks of the other.
  static void TakeMarks(const ModelThread& from,
                        std::map<std::string, size_t>& moved,
                        ModelThread& made) {
    bool seen = false;
    for (const auto& [id, mark] : moved) {
      seen |= from.words.at(id).letter != 'n' && mark < from.marks.size();
    }
    if (seen) {
      made.marks = from.marks;
      Mark& last = made.marks.back();
      if (last.since.has_value()) last.since = last.minute;
    } else {
      for (auto& [id, mark] : moved) mark = 0;
    }
  }

  // Has the conversations of what moves follow it.
  static void FollowChats(Sequence& sequence, ModelThread& thread,
                          ModelMove& move) {
    std::set<std::string> follow;
    for (const auto& [external_id, mark] : move.marks) {
      const std::string& chat = thread.words[external_id].chat;
      if (chat.empty() ||
          sequence.chats_[{thread.contact, chat}] != move.from) {
        continue;
      }
      move.chats.insert(chat);
      if (move.marks.contains(thread.NewestOf(chat))) follow.insert(chat);
    }
    for (const std::string& chat : follow) {
      sequence.chats_[{thread.contact, chat}] = move.to;
    }
  }

  void SplitRandomly(Sequence& sequence) {
    const std::string id = RandomThread(sequence);
    ModelThread& thread = sequence.threads()[id];
    const std::vector<std::string> order = thread.InOrder();
    if (order.empty()) return;
    v1::SplitThreadRequest request;
    request.set_thread_id(id);
    const bool from_one = sequence.Pick(2) == 0;
    const int first = sequence.Pick(static_cast<int>(order.size()));
    ModelMove move{.splits = true, .from = id};
    for (int i = 0; i < static_cast<int>(order.size()); ++i) {
      const std::string& external_id = order[static_cast<size_t>(i)];
      if (from_one ? i < first : i != first && sequence.Pick(3) > 0) continue;
      const SaidWord& word = thread.words[external_id];
      move.marks[external_id] = word.marks;
      if (!from_one) request.add_interaction_ids(word.interaction_id);
      if (from_one && i == first) {
        request.set_from_interaction_id(word.interaction_id);
      }
    }
    const auto split = harness_.Call(&Stub::SplitThread, request);
    if (move.marks.size() == order.size()) {
      ASSERT_THAT(split, StatusIs(StatusCode::kFailedPrecondition, "stay"));
      return;
    }
    ASSERT_THAT(split, IsOk());
    move.to = split->split_thread().thread_id();
    std::map<std::string, size_t> marks = move.marks;
    ModelThread& made = sequence.threads()[move.to];
    made.contact = thread.contact;
    TakeMarks(thread, marks, made);
    FollowChats(sequence, thread, move);
    sequence.Move(marks, thread, move.to);
    sequence.splits_[move.to] = move;
  }

  void JoinRandomly(Sequence& sequence) {
    const std::string id = RandomThread(sequence);
    const std::string joined_id = RandomThread(sequence);
    if (id == joined_id) return;
    ModelThread& stays = sequence.threads()[id];
    ModelThread& joined = sequence.threads()[joined_id];
    const auto answer = Join(id, joined_id);
    if (stays.contact == joined.contact && joined.hidden_by == id) {
      ASSERT_THAT(answer, IsOk());
      return;
    }
    if (stays.contact != joined.contact || !stays.hidden_by.empty() ||
        !joined.hidden_by.empty()) {
      ASSERT_THAT(answer, StatusIs(StatusCode::kFailedPrecondition, "thread"));
      return;
    }
    ASSERT_THAT(answer, IsOk());
    ModelMove move{.from = joined_id, .to = id};
    std::map<std::string, size_t> marks;
    const size_t count = stays.marks.size();
    const bool both_resolved =
        count > 0 && stays.marks.back().state == v1::THREAD_STATE_RESOLVED &&
        !joined.marks.empty() &&
        joined.marks.back().state == v1::THREAD_STATE_RESOLVED;
    for (const auto& [external_id, word] : joined.words) {
      move.marks[external_id] = word.marks;
      bool seen = count > 0 && word.recorded < stays.marks.back().minute;
      if (both_resolved) seen |= word.is_before(joined.marks.size());
      marks[external_id] = seen ? count - 1 : count;
      if (word.chat.empty()) continue;
      std::string& leads = sequence.chats_[{joined.contact, word.chat}];
      if (leads == joined_id) move.chats.insert(word.chat);
    }
    for (const std::string& chat : move.chats) {
      sequence.chats_[{joined.contact, chat}] = id;
    }
    joined.hidden_by = id;
    joined.joined = true;
    sequence.Move(marks, joined, id);
    sequence.joins_[joined_id] = move;
  }

  void UndoRandomly(Sequence& sequence) {
    auto& moves = sequence.Pick(2) == 0 ? sequence.splits_ : sequence.joins_;
    if (moves.empty()) return;
    auto it = moves.begin();
    std::advance(it, sequence.Pick(static_cast<int>(moves.size())));
    ModelMove& move = it->second;
    ModelThread& back = sequence.threads()[move.from];
    ModelThread& now = sequence.threads()[move.to];
    const auto undone =
        move.splits ? UndoSplit(it->first) : UndoJoin(it->first);
    bool blocked = move.splits && back.joined;
    for (const auto& [said, mark] : move.marks) {
      blocked |= sequence.thread_of_[said] != move.to;
    }
    if (!move.undone && blocked) {
      ASSERT_THAT(undone, StatusIs(StatusCode::kFailedPrecondition, "_id"));
      return;
    }
    ASSERT_THAT(undone, IsOk());
    if (move.undone) return;
    move.undone = true;
    for (const std::string& chat : move.chats) {
      std::string& leads = sequence.chats_[{back.contact, chat}];
      if (leads == move.to) leads = move.from;
    }
    if (!move.splits || !back.joined) back.hidden_by = "";
    back.joined = false;
    if (move.splits && now.words.size() == move.marks.size()) {
      now.hidden_by = move.from;
    }
    sequence.Move(move.marks, now, move.from);
  }

  int NowMinute() {
    return static_cast<int>(
        absl::ToInt64Minutes(harness_.clock().Now() - Noon()));
  }

  void Compare(Sequence& sequence, const std::string& contact) {
    size_t live = 0;
    for (const auto& [id, thread] : sequence.threads()) {
      if (thread.contact != contact) continue;
      const v1::Thread shown = Thread(id);
      ASSERT_EQ(shown.joined_into_thread_id(), thread.hidden_by) << id;
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
    ExpectViewAsListed({contact}, 20);
  }

  void Correct(Sequence& sequence, int step) {
    auto it = sequence.sent_.begin();
    std::advance(it, sequence.Pick(static_cast<int>(sequence.sent_.size())));
    const v1::Interaction& sent = it->second.interaction();
    auto corrected = Random(sequence, it->first, sent.contact_id());
    corrected.mutable_interaction()->set_conversation_id(
        sent.conversation_id());
    corrected.mutable_interaction()->set_source_revision(step);
    Say(sequence, corrected);
  }

  void Step(Sequence& sequence, uint32_t seed, int step,
            const std::vector<std::string>& contacts) {
    const int kind = sequence.Pick(16);
    const bool has_threads = !sequence.threads().empty();
    if (kind < 2 && !sequence.sent_.empty()) return Correct(sequence, step);
    if (kind < 4 && has_threads) return SetRandomState(sequence);
    if (kind < 6 && has_threads) return SplitRandomly(sequence);
    if (kind < 8 && has_threads) return JoinRandomly(sequence);
    if (kind < 10 && has_threads) return UndoRandomly(sequence);
    auto request =
        Random(sequence, absl::StrCat(seed, "-", step),
               contacts[static_cast<size_t>(sequence.Pick(4) == 0 ? 1 : 0)]);
    if (sequence.Pick(3) == 0) {
      request.mutable_interaction()->set_conversation_id(
          absl::StrCat(seed, "/", sequence.Pick(2)));
    }
    Say(sequence, request);
  }

  void Run(uint32_t seed) {
    SCOPED_TRACE(absl::StrCat("sequence ", seed));
    Sequence sequence(seed);
    std::vector<std::string> contacts;
    for (const char* name : {"contact", "other"}) {
      contacts.push_back(
          base::Uuid::MakeFrom(Noon(), absl::StrCat(name, seed)).ToString());
    }
    for (int step = 0; step < 25; ++step) {
      harness_.clock().Advance(absl::Minutes(1));
      Step(sequence, seed, step, contacts);
      if (HasFatalFailure()) return;
    }
    for (const std::string& contact : contacts) {
      Compare(sequence, contact);
      if (HasFatalFailure()) return;
    }
  }
};

TEST_F(ThreadSequencesTest, EachThreadIsAsIfItHadAlwaysBeenSo) {
  const int64_t sequences = FromEnvironment("KITH_MODEL_SEQUENCES", 100);
  const int64_t first = FromEnvironment("KITH_MODEL_SEED", 1);
  for (int64_t i = 0; i < sequences && !HasFatalFailure(); ++i) {
    Run(static_cast<uint32_t>(first + i));
  }
}

}  // namespace
}  // namespace kith::interactions
