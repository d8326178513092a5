#include "interactions-svc/threads/thread_opener.h"

#include "interactions-svc/threads/thread_words.h"

namespace kith::interactions {

using internal::v1::StoredThread;

void SetOpener(const v1::Interaction& opener, StoredThread& stored) {
  stored.set_opener_id(opener.interaction_id());
  v1::Thread& thread = *stored.mutable_thread();
  thread.set_kind(KindOf(opener));
  thread.set_topic(opener.topic());
  thread.set_subject(opener.subject());
}

void FollowOpener(const v1::Interaction& old, const v1::Interaction& now,
                  StoredThread& stored) {
  if (stored.opener_id() != now.interaction_id()) return;
  v1::Thread& thread = *stored.mutable_thread();
  if (thread.topic() == old.topic()) thread.set_topic(now.topic());
  if (thread.subject() == old.subject()) thread.set_subject(now.subject());
  if (thread.kind() == KindOf(old)) thread.set_kind(KindOf(now));
}

}  // namespace kith::interactions
