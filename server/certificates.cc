#include "server/certificates.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/log.h"

namespace wonbon::server {
namespace {

std::string Day(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace

Certificates::Certificates(const TlsPaths& paths, TlsFiles files, absl::Time expires)
    : paths_(paths), served_(files), expires_(expires), renewal_(std::move(files)) {}

absl::StatusOr<std::unique_ptr<Certificates>> Certificates::Load(const TlsPaths& paths) {
  absl::StatusOr<TlsFiles> files = ReadTlsFiles(paths);
  if (!files.ok()) return files.status();
  const absl::StatusOr<absl::Time> expires = CheckTlsFiles(*files);
  if (!expires.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(expires.status().message(), "; the files are ", paths.cert, ", ", paths.key,
                     paths.client_ca.empty() ? "" : ", ", paths.client_ca));
  }
  LogInfo("TLS: files read", {{"certificate", paths.cert}, {"expires", Day(*expires)}});
  return std::unique_ptr<Certificates>(new Certificates(paths, *std::move(files), *expires));
}

bool Certificates::Look(bool at_once) {
  absl::StatusOr<TlsFiles> found = ReadTlsFiles(paths_);
  absl::MutexLock lock(&mutex_);
  const std::optional<absl::StatusOr<TlsFiles>> news =
      renewal_.Look(std::move(found), at_once);
  if (news) Adopt(*news);
  return news.has_value();
}

void Certificates::Adopt(const absl::StatusOr<TlsFiles>& found) {
  const absl::StatusOr<absl::Time> expires =
      found.ok() ? CheckTlsFiles(*found) : absl::StatusOr<absl::Time>(found.status());
  refusal_ = expires.status();
  if (!refusal_.ok()) {
    ++failures_;
    LogError(absl::StrCat("TLS: the renewed files are not used: ", refusal_.message(),
                          "; serving the certificate of before, which expires ", Day(expires_)));
    return;
  }
  expires_ = *expires;
  if (*found != served_) {
    served_ = *found;
    ++renewals_;
  }
  LogInfo("TLS: files read again", {{"certificate", paths_.cert}, {"expires", Day(expires_)}});
}

std::optional<TlsFiles> Certificates::TakeNew(uint64_t& taken) {
  absl::MutexLock lock(&mutex_);
  if (std::exchange(taken, renewals_) == renewals_) return std::nullopt;
  return served_;
}

absl::Time Certificates::expires() const {
  absl::MutexLock lock(&mutex_);
  return expires_;
}

uint64_t Certificates::failures() const {
  absl::MutexLock lock(&mutex_);
  return failures_;
}

std::string Certificates::Trouble() const {
  absl::MutexLock lock(&mutex_);
  if (!refusal_.ok()) {
    return absl::StrCat("TLS: the renewed files are not used: ", refusal_.message(),
                        "; the certificate served expires ", Day(expires_));
  }
  if (expires_ <= absl::Now()) return absl::StrCat("TLS: the certificate expired ", Day(expires_));
  return "";
}

}  // namespace wonbon::server
