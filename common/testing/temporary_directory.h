#ifndef KITH_COMMON_TESTING_TEMPORARY_DIRECTORY_H_
#define KITH_COMMON_TESTING_TEMPORARY_DIRECTORY_H_

#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

namespace kith::testing {

// Owns a new folder under /tmp; paths there are short enough for a unix socket.
// The destructor removes the folder and its content. Exits the process if the
// folder cannot be made.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    if (mkdtemp(path_.data()) == nullptr) {
      std::perror("mkdtemp");
      std::exit(1);
    }
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  // The path of a file in the folder.
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_ = "/tmp/kith-test-XXXXXX";
};

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_TEMPORARY_DIRECTORY_H_
