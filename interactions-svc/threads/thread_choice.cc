#include "interactions-svc/threads/thread_choice.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "common/base/times.h"

namespace kith::interactions {
namespace {

using internal::v1::StoredThread;
using Kind = ThreadChoice::Kind;
using Threads = std::vector<const StoredThread*>;

bool Agree(const v1::Interaction& interaction, const StoredThread& stored) {
  const std::string bare = BareSubject(interaction.subject());
  return !bare.empty() && bare == BareSubject(stored.thread().subject());
}

// A word of the customer that comes later than what may reopen the thread.
bool IsTooLate(const v1::Interaction& interaction, Word word,
               const StoredThread& stored, absl::Duration reopen_window) {
  if (word != Word::kInbound || !stored.thread().has_resolved_time()) {
    return false;
  }
  return base::FromProto(interaction.occurred_time()) >
         base::FromProto(stored.thread().resolved_time()) + reopen_window;
}

// Messages of one moment may come in any order. What is older than that was
// said of something else.
constexpr absl::Duration kLateWords = absl::Hours(1);

bool IsOlder(const v1::Interaction& interaction, const v1::Thread& thread) {
  return base::FromProto(interaction.occurred_time()) <
         base::FromProto(thread.opened_time()) - kLateWords;
}

bool Contradict(const v1::Interaction& interaction, const v1::Thread& thread) {
  return !interaction.topic().empty() && !thread.topic().empty() &&
         interaction.topic() != thread.topic();
}

// Those by the interaction's channel value; if there is none, those of its
// topic.
Threads Alike(const v1::Interaction& interaction,
              absl::Span<const StoredThread* const> live) {
  const std::string key = absl::HexStringToBytes(interaction.identity_key());
  Threads by_identity;
  Threads by_topic;
  for (const StoredThread* stored : live) {
    if (Contradict(interaction, stored->thread()) ||
        IsOlder(interaction, stored->thread())) {
      continue;
    }
    if (!key.empty() && absl::c_linear_search(stored->identity_keys(), key)) {
      by_identity.push_back(stored);
    }
    if (!interaction.topic().empty() && !stored->thread().topic().empty()) {
      by_topic.push_back(stored);
    }
  }
  return by_identity.empty() ? by_topic : by_identity;
}

const StoredThread* FindAlike(const v1::Interaction& interaction, Word word,
                              absl::Span<const StoredThread* const> live) {
  const Threads alike = Alike(interaction, live);
  if (alike.empty() || (word == Word::kOutbound && alike.size() > 1)) {
    return nullptr;
  }
  // Where the customer may mean several, the one that was spoken of last.
  return *absl::c_max_element(
      alike, [](const StoredThread* a, const StoredThread* b) {
        return a->fold().last_micros() < b->fold().last_micros();
      });
}

}  // namespace

ThreadChoice ChooseThread(const v1::Interaction& interaction, Word word,
                          absl::Span<const ThreadReference> references,
                          absl::Span<const StoredThread* const> live,
                          absl::Duration reopen_window) {
  std::string others;
  for (const ThreadReference& reference : references) {
    if (reference.thread == nullptr) {
      if (others.empty() && !reference.needs_subject) {
        others = reference.thread_id;
      }
      continue;
    }
    if (reference.needs_subject && !Agree(interaction, *reference.thread)) {
      continue;
    }
    const std::string& id = reference.thread->thread().thread_id();
    if (IsTooLate(interaction, word, *reference.thread, reopen_window)) {
      return {Kind::kOpen, id};
    }
    return {Kind::kJoin, id};
  }
  if (word == Word::kNone) return {};
  // It answers somebody else, whatever this contact has asked.
  if (word == Word::kOutbound && !others.empty()) return {};
  if (const StoredThread* alike = FindAlike(interaction, word, live)) {
    return {Kind::kJoin, alike->thread().thread_id()};
  }
  if (word == Word::kInbound && !others.empty()) return {Kind::kOpen, others};
  if (Opens(interaction, word)) return {Kind::kOpen, ""};
  return {};
}

}  // namespace kith::interactions
