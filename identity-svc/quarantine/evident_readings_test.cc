#include "identity-svc/quarantine/evident_readings.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

struct EvidenceCase {
  // A letter for each value: e(vident), q(uarantined), r(efused).
  std::string values;
  bool by_form = false;
  // Places of those that count.
  std::vector<int> counting;
};

TEST(EvidentReadingsTest, WhatIsRefusedOrQuarantinedIsPassedOver) {
  const std::vector<EvidenceCase> cases = {
      {"ee", false, {0, 1}}, {"ee", true, {0}},      {"qe", false, {1}},
      {"eq", false, {0}},    {"qee", false, {1, 2}}, {"qee", true, {1}},
      {"rqe", true, {2}},    {"q", false, {0}},      {"qq", false, {0}},
      {"rq", true, {1}},     {"r", false, {}},       {"rr", true, {}},
  };
  for (const EvidenceCase& each : cases) {
    std::vector<Reading> readings;
    std::vector<bool> quarantined;
    for (size_t i = 0; i < each.values.size(); ++i) {
      Reading& reading = readings.emplace_back();
      reading.identity.set_identity_key(std::to_string(i));
      if (each.values[i] == 'r') reading.refusal = "nothing";
      quarantined.push_back(each.values[i] == 'q');
    }
    std::vector<int> counting;
    for (const Reading& one :
         EvidentReadings(readings, quarantined, each.by_form)) {
      counting.push_back(std::stoi(one.identity.identity_key()));
    }
    EXPECT_EQ(counting, each.counting) << each.values << each.by_form;
  }
}

TEST(EvidentReadingsTest, WithoutQuarantinesAllCount) {
  EXPECT_EQ(EvidentReadings(std::vector<Reading>(3), {}, false).size(), 3);
}

}  // namespace
}  // namespace kith::identity
