#include "common/ops/metrics.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/text_serializer.h"

namespace kith::ops {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(MetricsTest, OneNameAndLabelsAreOneMetric) {
  auto& counter = Counter("test_one_total", "Help.", {{"a", "1"}});
  EXPECT_EQ(&counter, &Counter("test_one_total", "Help.", {{"a", "1"}}));
  EXPECT_NE(&counter, &Counter("test_one_total", "Help.", {{"a", "2"}}));
  EXPECT_EQ(&Gauge("test_one", "Help."), &Gauge("test_one", "Help."));
  EXPECT_EQ(&SecondsHistogram("test_one_seconds", "Help."),
            &SecondsHistogram("test_one_seconds", "Help."));
}

TEST(MetricsTest, PrometheusSeesThem) {
  // They live as long as the process: other ones for each run of the test.
  static int run = 0;
  const std::string name = absl::StrCat("test_seen_", ++run);
  Counter(name + "_total", "How often.", {{"kind", "x"}}).Increment(3);
  Gauge(name, "How much.").Set(-2);
  SecondsHistogram(name + "_seconds", "How long.").Observe(0.003);
  EXPECT_THAT(prometheus::TextSerializer().Serialize(Metrics().Collect()),
              AllOf(HasSubstr("# HELP " + name + "_total How often.\n"),
                    HasSubstr(name + "_total{kind=\"x\"} 3\n"),
                    HasSubstr("\n" + name + " -2\n"),
                    HasSubstr(name + "_seconds_bucket{le=\"0.0025\"} 0\n"),
                    HasSubstr(name + "_seconds_bucket{le=\"0.005\"} 1\n"),
                    HasSubstr(name + "_seconds_count 1\n")));
}

}  // namespace
}  // namespace kith::ops
