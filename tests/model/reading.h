#ifndef KITH_TESTS_MODEL_READING_H_
#define KITH_TESTS_MODEL_READING_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "tests/model/steps.h"
#include "tests/model/suite.h"
#include "tests/model/suite_model.h"
#include "tests/model/work_model.h"

namespace kith::model {

// All that the suite shows of a sequence's contacts and values.
struct Reading {
  // By each contact's id and by each value.
  gateway::v1::BatchGetCustomerViewsRequest asked;
  gateway::v1::BatchGetCustomerViewsResponse views;
  // Of one of the contacts, read in pages.
  std::string timeline_of;
  gateway::v1::ListInteractionsResponse timeline;
  // Of each group, read in pages, by the id that stands for it.
  std::map<std::string, std::vector<contacts::v1::MergeEdge>> histories;
  // Of each contact by itself.
  WorkReading work;
};

// Reads what there is of the contacts that the model knows.
absl::StatusOr<Reading> Read(Suite& suite, Steps& steps,
                             const SuiteModel& model);

// Where it shows anything else than the model.
Fault Compare(const Reading& reading, const SuiteModel& model);

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_READING_H_
