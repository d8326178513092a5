#include "common/base/text_file.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/config/v1/config.pb.h"

namespace kith::base {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

class TextFileTest : public ::testing::Test {
 protected:
  // The path of a file with this content.
  std::string File(const std::string& content) {
    std::string path = directory_.Path("file");
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(TextFileTest, ReadsAndWritesEveryByte) {
  const std::string content("a\0\r\n\xFFz", 6);
  const std::string path = directory_.Path("new");
  ASSERT_THAT(WriteFileAtomically(path, content), IsOk());
  EXPECT_EQ(*ReadFile(path), content);
  ASSERT_THAT(WriteFileAtomically(path, ""), IsOk());
  EXPECT_EQ(*ReadFile(path), "");
}

TEST_F(TextFileTest, AnAbsentFileIsNotFoundByItsPath) {
  const std::string path = directory_.Path("absent");
  EXPECT_THAT(ReadFile(path), StatusIs(StatusCode::kNotFound, path));
}

TEST_F(TextFileTest, AFolderIsNotReadAsAnEmptyFile) {
  EXPECT_THAT(ReadFile(directory_.path()),
              StatusIs(StatusCode::kFailedPrecondition, directory_.path()));
}

TEST_F(TextFileTest, AWriteThatFailsNamesThePath) {
  const std::string path = directory_.Path("no/such/folder");
  EXPECT_THAT(WriteFileAtomically(path, "x"),
              StatusIs(StatusCode::kNotFound, path));
}

TEST_F(TextFileTest, AWriteThatFailsLeavesTheOldContent) {
  const std::string path = File("old");
  std::filesystem::create_directory(path + ".new");
  EXPECT_FALSE(WriteFileAtomically(path, "new").ok());
  EXPECT_EQ(*ReadFile(path), "old");
}

TEST_F(TextFileTest, AReaderNeverSeesAPartOfAFile) {
  const std::string a(200'000, 'a');
  const std::string b(100'000, 'b');
  const std::string path = File(a);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) {
      EXPECT_THAT(WriteFileAtomically(path, i % 2 == 0 ? b : a), IsOk());
    }
    done = true;
  });
  while (!done) {
    const auto read = ReadFile(path);
    EXPECT_TRUE(read.ok() && (*read == a || *read == b));
  }
  writer.join();
}

TEST_F(TextFileTest, ATextProtoIsRead) {
  config::v1::TenantsFile tenants;
  ASSERT_THAT(
      ReadTextProto(File("# one\ntenants { id: 7 slug: \"demo\" }\n"), tenants),
      IsOk());
  EXPECT_EQ(tenants.tenants(0).id(), 7);
}

TEST_F(TextFileTest, ATextProtoErrorNamesPathLineAndColumn) {
  config::v1::TenantsFile tenants;
  const std::string path = File("tenants {\n  id: 7\n  slag: \"demo\"\n}\n");
  const absl::Status status = ReadTextProto(path, tenants);
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument,
                               path + ": line 3, column 7: "));
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, "slag"));
}

TEST_F(TextFileTest, AnAbsentTextProtoIsNotFound) {
  config::v1::TenantsFile tenants;
  EXPECT_THAT(ReadTextProto(directory_.Path("absent"), tenants),
              StatusIs(StatusCode::kNotFound, "absent"));
}

TEST_F(TextFileTest, ASecretIsItsFileWithoutTheFinalNewline) {
  EXPECT_EQ(*ReadSecret(File("s3cret\n")), "s3cret");
  EXPECT_EQ(*ReadSecret(File("s3cret")), "s3cret");
  EXPECT_EQ(*ReadSecret(File(" s3\ncret \n\n")), " s3\ncret \n");
}

TEST_F(TextFileTest, NoPathIsNoSecretAndAnAbsentFileIsAnError) {
  EXPECT_EQ(*ReadSecret(""), "");
  EXPECT_THAT(ReadSecret(directory_.Path("absent")),
              StatusIs(StatusCode::kNotFound, "absent"));
}

}  // namespace
}  // namespace kith::base
