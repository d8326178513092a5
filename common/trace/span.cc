#include "common/trace/span.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/ops/trace.h"
#include "common/trace/span_queue.h"

namespace kith::trace {

Span Span::Own(const base::RequestContext& context, absl::string_view parent_id,
               Side side) {
  Span span;
  span.data_ = std::make_unique<SpanData>();
  span.data_->trace_id = context.trace_id;
  span.data_->span_id = context.span_id;
  span.data_->parent_id = std::string(parent_id);
  span.data_->side = side;
  span.data_->start = absl::Now();
  return span;
}

Span Span::Part(const base::RequestContext& context, Side side) {
  Span span = Own(context, context.span_id, side);
  span.data_->span_id = ops::NewSpanId();
  return span;
}

void Span::SetName(std::string name) {
  if (data_ != nullptr) data_->name = std::move(name);
}

void Span::Add(const char* name, absl::string_view value) {
  if (data_ == nullptr) return;
  data_->attributes.emplace_back(name, std::string(value));
}

void Span::Add(const char* name, int64_t value) {
  if (data_ != nullptr) data_->attributes.emplace_back(name, value);
}

void Span::LinkTo(const Span& other) {
  if (data_ == nullptr || other.data_ == nullptr) return;
  data_->links.push_back({other.data_->trace_id, other.data_->span_id});
}

void Span::Enter(base::RequestContext& context) const {
  if (data_ == nullptr) return;
  context.trace_id = data_->trace_id;
  context.span_id = data_->span_id;
  context.sampled = true;
}

void Span::End(bool failed) {
  if (data_ == nullptr) return;
  data_->failed = failed;
  data_->end = absl::Now();
  SpanQueue::OfProcess().Add(std::move(data_));
}

}  // namespace kith::trace
