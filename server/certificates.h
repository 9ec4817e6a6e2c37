// The certificate that is served, and its renewal: the last files that were found good stay until
// others are.
//
// Files are watched by polling, and believed once two polls saw the same in them (renewal.h).
// Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/renewal.h"
#include "server/tls_files.h"

namespace wonbon::server {

class Certificates {
 public:
  // The files must be good now: the errors of ReadTlsFiles and CheckTlsFiles, naming the file.
  static absl::StatusOr<std::unique_ptr<Certificates>> Load(const TlsPaths& paths);

  // To be called every kFilePollInterval.
  void Poll() { Look(false); }
  // At the word of whoever wrote the files: believes them at once. False where they are what they
  // were.
  bool Reload() { return Look(true); }

  // What handshakes from now on are to use; nothing where the taker has it already. `taken` is his
  // alone, 0 at first.
  std::optional<TlsFiles> TakeNew(uint64_t& taken);

  bool verifies_clients() const { return !paths_.client_ca.empty(); }
  absl::Time expires() const;
  uint64_t failures() const;
  // Empty where all is well, or what is wrong with the files, or with the certificate by now.
  std::string Trouble() const;

 private:
  Certificates(const TlsPaths& paths, TlsFiles files, absl::Time expires);
  // Looks at the files, and serves them from now on if they are new and good. False where there is
  // nothing to judge.
  bool Look(bool at_once);
  void Adopt(const absl::StatusOr<TlsFiles>& found) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const TlsPaths paths_;
  mutable absl::Mutex mutex_;
  TlsFiles served_ ABSL_GUARDED_BY(mutex_);
  absl::Time expires_ ABSL_GUARDED_BY(mutex_);
  uint64_t renewals_ ABSL_GUARDED_BY(mutex_) = 1;  // with the first
  Renewal<TlsFiles> renewal_ ABSL_GUARDED_BY(mutex_);
  absl::Status refusal_ ABSL_GUARDED_BY(mutex_);
  uint64_t failures_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace wonbon::server
