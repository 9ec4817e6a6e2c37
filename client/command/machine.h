// What of this machine, and of files on it, a server or a client suffers from. Plain functions;
// thread-safe.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace wonbon::client {

// One thing that was looked at.
struct Finding {
  enum class State { kOk, kWarn, kBad, kSkipped };

  State state = State::kOk;
  std::string what;      // "file descriptors"
  std::string measured;  // in words
  std::string advice;    // what to do; empty where it is fine
};

// File descriptors, huge pages, the clock, memory.
std::vector<Finding> LookAtMachine();

// The disk of a folder: how long it takes until something is written for good, what is free, and
// whether it is a disk at all. Writes a nameless file of 128 KiB there for a moment.
std::vector<Finding> LookAtDisk(const std::string& folder);

// The certificates of a PEM file: until when the first of them to end is valid.
Finding LookAtCertificate(const std::string& what, const std::string& path);
// The same of a certificate that ends then.
Finding JudgeCertificate(const std::string& what, absl::Time end);

// "OK", "WARN", "BAD", "SKIPPED".
const char* Name(Finding::State state);

}  // namespace wonbon::client
