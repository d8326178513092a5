#ifndef KITH_GATEWAY_EDGE_HTTP_BYTE_BUDGET_H_
#define KITH_GATEWAY_EDGE_HTTP_BYTE_BUDGET_H_

#include <atomic>
#include <cstddef>

namespace kith::edge {

// How many bytes the bodies of all requests of a server may have together.
// Thread-safe.
class ByteBudget {
 public:
  explicit ByteBudget(size_t most) : most_(most) {}

  // One request's part. Gives it back at its end. Not thread-safe. The budget
  // must outlive it.
  class Part {
   public:
    explicit Part(ByteBudget& budget) : budget_(budget) {}
    ~Part() { Clear(); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    // Makes the part at least this large. False if there is not so much left.
    bool Grow(size_t bytes) {
      if (bytes <= bytes_) return true;
      const size_t more = bytes - bytes_;
      if (budget_.used_.fetch_add(more) + more > budget_.most_) {
        budget_.used_.fetch_sub(more);
        return false;
      }
      bytes_ = bytes;
      return true;
    }

    void Clear() {
      budget_.used_.fetch_sub(bytes_);
      bytes_ = 0;
    }

   private:
    ByteBudget& budget_;
    size_t bytes_ = 0;
  };

 private:
  const size_t most_;
  std::atomic<size_t> used_ = 0;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_HTTP_BYTE_BUDGET_H_
