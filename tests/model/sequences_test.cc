#include <algorithm>
#include <atomic>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/ops/log.h"
#include "gtest/gtest.h"
#include "tests/model/reading.h"
#include "tests/model/steps.h"
#include "tests/model/suite.h"
#include "tests/model/suite_model.h"
#include "tests/model/test_numbers.h"

namespace kith::model {
namespace {

using ::kith::testing::FromEnvironment;

constexpr int kSteps = 25;

// A sequence of random steps over a few contacts and values of its own, some of
// them at once. After each, all that the suite shows is what the model says.
class Sequence {
 public:
  Sequence(Suite& suite, absl::TimeZone zone, uint64_t seed)
      : suite_(suite), steps_(suite, seed), models_({SuiteModel(zone)}) {}

  // What went wrong, with what was done before.
  Fault Run() {
    models_.front().Begin(suite_.Now(), true);
    for (int i = 0; i < 3; ++i) {
      const Fault fault = Do({steps_.CreateContact(models_.front())});
      if (!fault.empty()) return absl::StrCat(done_, fault);
    }
    for (int i = 0; i < kSteps; ++i) {
      const int at_once = steps_.Chance(70) ? 1 : 2 + steps_.Pick(2);
      std::vector<Step> steps;
      for (int k = 0; k < at_once; ++k) {
        steps.push_back(steps_.Next(models_.front(), at_once == 1));
      }
      const Fault fault = Do(steps);
      if (!fault.empty()) {
        return absl::StrCat(models_.front().State(), done_, fault);
      }
    }
    const absl::Status left = steps_.WorkOff();
    return left.ok() ? "" : left.ToString();
  }

 private:
  // Carries steps out, all at once.
  Fault Do(const std::vector<Step>& steps) {
    suite_.Advance(absl::Milliseconds(1));
    if (steps_.Chance(20)) suite_.Advance(absl::Seconds(steps_.Pick(3600)));
    for (const Step& step : steps) {
      absl::StrAppend(&done_, steps.size() == 1 ? "" : "| ", step.request,
                      "\n");
    }
    Call(steps);
    std::vector<SuiteModel> models;
    Fault faults;
    for (const SuiteModel& model : models_) {
      absl::StrAppend(&faults, TryOrders(steps, model, models));
    }
    if (models.empty()) return faults;
    // A value that was given and taken at one time is held until after it.
    suite_.Advance(absl::Milliseconds(1));
    for (SuiteModel& model : models) model.Begin(suite_.Now(), true);
    const absl::StatusOr<Reading> reading = Read(suite_, steps_, models[0]);
    if (!reading.ok()) return reading.status().ToString();
    Fault fault = KeepThoseThatShow(*reading, std::move(models));
    if (!fault.empty()) return fault;
    for (SuiteModel& model : models_) model.work().Learn(reading->work);
    return CheckEtags(*reading);
  }

  static void Call(const std::vector<Step>& steps) {
    std::vector<std::thread> threads;
    for (size_t i = 1; i < steps.size(); ++i) {
      threads.emplace_back(steps[i].call);
    }
    steps[0].call();
    for (std::thread& thread : threads) thread.join();
  }

  // Adds to `models` what comes of each order of the steps in which their
  // answers are right; says what is wrong in the others.
  Fault TryOrders(const std::vector<Step>& steps, const SuiteModel& before,
                  std::vector<SuiteModel>& models) {
    std::vector<size_t> order(steps.size());
    std::iota(order.begin(), order.end(), 0);
    Fault faults;
    do {
      SuiteModel model = before;
      model.Begin(suite_.Now(), steps.size() == 1);
      const Fault fault = InOrder(steps, order, model);
      absl::StrAppend(&faults, fault);
      if (fault.empty()) models.push_back(std::move(model));
    } while (std::next_permutation(order.begin(), order.end()));
    return faults;
  }

  static Fault InOrder(const std::vector<Step>& steps,
                       const std::vector<size_t>& order, SuiteModel& model) {
    Fault done = "in the order";
    for (const size_t i : order) {
      absl::StrAppend(&done, " ", i + 1);
      const Fault fault = steps[i].check(model);
      if (!fault.empty()) return absl::StrCat(done, ": ", fault, "\n");
    }
    return "";
  }

  // Two orders may show the same now, and something else once groups are taken
  // apart: so all that fit are kept, each once.
  Fault KeepThoseThatShow(const Reading& reading,
                          std::vector<SuiteModel>&& models) {
    std::map<std::string, SuiteModel> fitting;
    Fault faults;
    for (SuiteModel& model : models) {
      const Fault fault = Compare(reading, model);
      absl::StrAppend(&faults, fault);
      if (fault.empty()) fitting.try_emplace(model.State(), std::move(model));
    }
    if (fitting.empty()) return faults;
    models_.clear();
    for (auto& [state, model] : fitting) models_.push_back(std::move(model));
    return "";
  }

  // A contact that is not what it was has an etag that it never had.
  Fault CheckEtags(const Reading& reading) {
    for (const auto& result : reading.views.results()) {
      contacts::v1::Contact contact = result.response().view().contact();
      if (contact.contact_id().empty()) continue;
      const std::string etag =
          absl::StrCat(contact.contact_id(), " ", contact.etag());
      contact.clear_etag();
      contacts::v1::Contact& known = known_[contact.contact_id()];
      if (Differs(contact, known).empty()) continue;
      known = contact;
      if (!etags_.insert(etag).second) return "an etag that it had before";
    }
    return "";
  }

  Suite& suite_;
  Steps steps_;
  // What may be, by all that was seen.
  std::vector<SuiteModel> models_;
  // The requests, for people.
  std::string done_;
  // As they were when last read, with the etags that were seen.
  std::map<std::string, contacts::v1::Contact> known_;
  std::set<std::string> etags_;
};

// ./dev test --long asks for 10,000.
TEST(SequencesTest, RandomStepsThroughTheGatewayAgreeWithTheModel) {
  const int64_t sequences = FromEnvironment("KITH_MODEL_SEQUENCES", 100);
  const int64_t first = FirstSeed();
  ops::SetMinSeverity(ops::Severity::kWarning);
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("America/Los_Angeles", &zone));
  std::atomic<int64_t> next = 0;
  std::atomic<bool> failed = false;
  // Each thread has a suite, and so a clock, of its own.
  const auto run = [&] {
    Suite suite;
    for (int64_t i = next++; i < sequences && !failed; i = next++) {
      const Fault fault =
          Sequence(suite, zone, static_cast<uint64_t>(first + i)).Run();
      if ((i + 1) % 1000 == 0) {
        const std::string done = absl::StrCat(i + 1, " of ", sequences, "\n");
        std::fputs(done.c_str(), stdout);
        std::fflush(stdout);
      }
      if (fault.empty() || failed.exchange(true)) continue;
      ADD_FAILURE() << "KITH_MODEL_SEQUENCES=1 KITH_MODEL_SEED=" << first + i
                    << "\n"
                    << fault;
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < std::min<int64_t>(sequences, 3); ++t) {
    threads.emplace_back(run);
  }
  for (std::thread& thread : threads) thread.join();
  if (failed) return;
  std::printf("%lld sequences agree with the model, from seed %lld\n",
              static_cast<long long>(sequences), static_cast<long long>(first));
}

}  // namespace
}  // namespace kith::model
