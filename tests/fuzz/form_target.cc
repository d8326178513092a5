// Forms of other systems (gateway/hooks/reading/form.h, utf8.h).

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gateway/hooks/reading/form.h"
#include "gateway/hooks/reading/text_steps.h"
#include "gateway/hooks/reading/utf8.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

constexpr char kFormType[] = "multipart/form-data; boundary=b";
constexpr char kFormBorder[] = "\r\n--b";
constexpr char kFormPart[] =
    "--b\r\nContent-Disposition: form-data; name=n\r\n\r\n";

std::string Percents(absl::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    absl::StrAppendFormat(&text, "%%%02X", static_cast<unsigned char>(byte));
  }
  return text;
}

void FuzzUrlEncoded(absl::string_view input) {
  const auto fields = gateway::ReadUrlEncoded(input);
  if (!fields.ok()) return;
  Require(fields->size() <= gateway::kMostFormFields, "fields have a limit");
  std::string written;
  for (const auto& [name, value] : *fields) {
    absl::StrAppend(&written, Percents(name), "=", Percents(value), "&");
  }
  const auto again = gateway::ReadUrlEncoded(written);
  Require(again.ok() && *again == *fields, "a form is read as it is written");
}

void FuzzMultipart(absl::string_view input) {
  const auto any = gateway::ReadMultipart(kFormType, input);
  Require(!any.ok() || any->size() <= gateway::kMostFormFields,
          "parts have a limit");
  // The border may begin with the end of the headers.
  const std::string whole = absl::StrCat(kFormPart, input, kFormBorder, "--");
  const size_t end = sizeof(kFormPart) - 1 + input.size();
  if (whole.find(kFormBorder, sizeof(kFormPart) - 3) != end) return;
  const auto one = gateway::ReadMultipart(kFormType, whole);
  Require(one.ok() && one->size() == 1 && one->front().first == "n" &&
              one->front().second == input,
          "a value is read byte for byte");
}

}  // namespace

void FuzzForm(absl::string_view input) {
  FuzzUrlEncoded(input);
  FuzzMultipart(input);
  const std::string text = gateway::ToUtf8(input);
  Require(gateway::IsUtf8(text), "all bytes become UTF-8");
  Require(!gateway::IsUtf8(input) || text == input, "UTF-8 stays as it is");
}

}  // namespace kith::fuzz
