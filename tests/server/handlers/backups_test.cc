// CreateBackup, ListBackups, VerifyBackup and SetReadOnly, the clock that makes backups, and
// --disk-reserve, over loopback.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "core/limits.h"
#include "core/store/restore.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

namespace fs = std::filesystem;

class BackupsTest : public RunningServer {
 protected:
  BackupsTest() {
    fs::create_directory(backups_);
    config_.backup_dir = backups_;
  }
  void StartAnew() {
    server_.reset();
    Start();
  }
  grpc::Status Create(v1::CreateBackupResponse* response) {
    grpc::ClientContext context;
    return admin_->CreateBackup(&context, {}, response);
  }
  v1::CreateBackupResponse MustCreate() {
    v1::CreateBackupResponse response;
    const grpc::Status status = Create(&response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  grpc::Status List(v1::ListBackupsResponse* response) {
    grpc::ClientContext context;
    return admin_->ListBackups(&context, {}, response);
  }
  v1::ListBackupsResponse MustList() {
    v1::ListBackupsResponse response;
    EXPECT_TRUE(List(&response).ok());
    return response;
  }
  grpc::Status Verify(const std::string& name, v1::VerifyBackupResponse* response) {
    v1::VerifyBackupRequest request;
    request.set_backup(name);
    grpc::ClientContext context;
    return admin_->VerifyBackup(&context, request, response);
  }
  grpc::Status SetReadOnly(bool read_only, const std::string& reason, std::string* cannot_write) {
    v1::SetReadOnlyRequest request;
    request.set_read_only(read_only);
    request.set_reason(reason);
    v1::SetReadOnlyResponse response;
    grpc::ClientContext context;
    const grpc::Status status = admin_->SetReadOnly(&context, request, &response);
    *cannot_write = response.cannot_write();
    return status;
  }
  grpc::Status Submit(const std::string& id) {
    v1::SubmitRequest request;
    *request.mutable_document() = MakeDocument(id, ArticleText(7));
    v1::SubmitResponse response;
    grpc::ClientContext context;
    return dedup_->Submit(&context, request, &response);
  }
  bool Reads(const std::string& id) {
    v1::GetDocumentRequest request;
    request.set_document_id(id);
    v1::GetDocumentResponse response;
    grpc::ClientContext context;
    return dedup_->GetDocument(&context, request, &response).ok();
  }
  void ExpectReason(const grpc::Status& status, grpc::StatusCode code, const std::string& reason) {
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    EXPECT_EQ(DetailsOf(status).reason, reason) << status.error_message();
  }

  const std::string backups_ = folder_.path() / "backups";
};

TEST_F(BackupsTest, OneIsMadeListedVerifiedAndRestored) {
  const v1::Decision last = MustSubmit(MakeDocument("a", ArticleText(1)));
  const v1::Backup made = MustCreate().backup();
  EXPECT_EQ(made.sequence(), last.sequence());
  EXPECT_EQ(made.store_id(), Stats().store_id());
  EXPECT_EQ(made.version(), Stats().version());
  EXPECT_GT(made.bytes(), 0);
  EXPECT_GT(made.created_at().seconds(), 0);
  MustSubmit(MakeDocument("b", ArticleText(2)));

  const v1::ListBackupsResponse listed = MustList();
  ASSERT_EQ(listed.backups_size(), 1);
  EXPECT_EQ(listed.backups(0).SerializeAsString(), made.SerializeAsString());
  v1::VerifyBackupResponse verified;
  ASSERT_TRUE(Verify(made.name(), &verified).ok());
  EXPECT_EQ(verified.damage_size(), 0);
  EXPECT_EQ(verified.backup().SerializeAsString(), made.SerializeAsString());
  const std::string metrics = HttpGet("/metrics");
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_backups_total 1\n"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_last_backup_bytes " + std::to_string(made.bytes())));
  EXPECT_THAT(HttpGet("/readyz?verbose"), HasSubstr("\nbackups: ok\n"));

  server_.reset();
  const std::string restored = folder_.path() / "restored";
  ASSERT_TRUE(RestoreBackup({.from = backups_ + "/" + made.name(), .to = restored,
                             .seed_file = ""}).ok());
  config_.data_dir = restored;
  Start();
  EXPECT_TRUE(Reads("a"));
  EXPECT_FALSE(Reads("b"));
  EXPECT_EQ(Stats().sequence(), last.sequence());
  EXPECT_NE(Stats().store_id(), made.store_id());
  ExpectUnharmed();
}

TEST_F(BackupsTest, ADamagedOneIsNamedFileByFile) {
  const std::string name = MustCreate().backup().name();
  std::fstream(backups_ + "/" + name + "/seed", std::ios::in | std::ios::out) << "x";
  v1::VerifyBackupResponse verified;
  ASSERT_TRUE(Verify(name, &verified).ok());
  ASSERT_EQ(verified.damage_size(), 1);
  EXPECT_THAT(verified.damage(0), StartsWith("seed: damaged"));
  std::ofstream(backups_ + "/" + name + "/BACKUP") << "nothing";
  EXPECT_THAT(MustList().backups(0).trouble(), HasSubstr("BACKUP"));
  EXPECT_EQ(Verify(name, &verified).error_code(), grpc::StatusCode::DATA_LOSS);
}

TEST_F(BackupsTest, TheOldestGoAndTheLastIsKnownAfterARestart) {
  config_.backup_keep = 2;
  StartAnew();
  const std::string first = MustCreate().backup().name();
  MustCreate();
  const v1::CreateBackupResponse third = MustCreate();
  ASSERT_EQ(third.removed_size(), 1);
  EXPECT_EQ(third.removed(0), first);
  EXPECT_EQ(MustList().backups_size(), 2);
  // A process that is killed leaves one half made.
  const std::string half = backups_ + "/20261128T022000.123Z.new";
  server_.reset();
  fs::create_directory(half);
  Start();
  EXPECT_FALSE(fs::exists(half));
  EXPECT_THAT(HttpGet("/metrics"),
              HasSubstr("wonbon_last_backup_bytes " + std::to_string(third.backup().bytes())));
}

TEST_F(BackupsTest, BadNamesAndNamesOfNoneAreRefused) {
  v1::VerifyBackupResponse verified;
  for (const char* name :
       {"", "..", "../data", "20261128T022000.123Z.new", "20261128T022000.123"}) {
    EXPECT_REFUSED(Verify(name, &verified), grpc::StatusCode::INVALID_ARGUMENT, "backup");
  }
  ExpectReason(Verify("20261128T022000.123Z", &verified), grpc::StatusCode::NOT_FOUND,
               "BACKUP_NOT_FOUND");
}

TEST_F(BackupsTest, AFolderThatIsMissingOrOfOthersOrWithoutRoomIsSaid) {
  const auto code = grpc::StatusCode::FAILED_PRECONDITION;
  v1::CreateBackupResponse created;
  v1::ListBackupsResponse listed;
  std::ofstream(backups_ + "/photos.zip") << "mine";
  ExpectReason(Create(&created), code, "BACKUP_FOLDER_UNUSABLE");
  EXPECT_THAT(HttpGet("/metrics"), HasSubstr("\nwonbon_backup_failures_total 1\n"));
  EXPECT_THAT(HttpGet("/readyz?verbose"), HasSubstr("found photos.zip"));
  fs::remove_all(backups_);
  StartAnew();  // which it does all the same
  EXPECT_THAT(HttpGet("/readyz?verbose"), HasSubstr("no such folder"));
  ExpectReason(Create(&created), code, "BACKUP_FOLDER_UNUSABLE");
  ExpectReason(List(&listed), code, "BACKUP_FOLDER_UNUSABLE");
  fs::create_directory(backups_);
  EXPECT_EQ(MustList().backups_size(), 0);
  config_.disk_reserve.bytes = uint64_t{1} << 60;
  StartAnew();
  const grpc::Status full = Create(&created);
  ExpectReason(full, grpc::StatusCode::RESOURCE_EXHAUSTED, "BACKUP_FOLDER_FULL");
  EXPECT_FALSE(DetailsOf(full).retry);
  EXPECT_TRUE(fs::is_empty(backups_));
  config_.backup_dir.clear();
  StartAnew();
  const grpc::Status none = Create(&created);
  ExpectReason(none, code, "BACKUP_FOLDER_UNUSABLE");
  EXPECT_THAT(none.error_message(), HasSubstr("--backup-dir"));
}

TEST_F(BackupsTest, TheClockMakesOneThatIsDue) {
  config_.backup_every = absl::Seconds(1);
  config_.backup_keep = 1;
  StartAnew();
  for (int i = 0; i < 300 && MustList().backups_size() == 0; ++i) {
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_EQ(MustList().backups_size(), 1);
}

TEST_F(BackupsTest, ReadOnlyRefusesWhateverWritesWithItsReasonUntilItIsTakenBack) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  std::string cannot_write;
  ASSERT_TRUE(SetReadOnly(true, "moving house", &cannot_write).ok());
  EXPECT_THAT(cannot_write, HasSubstr("moving house"));
  const grpc::Status refused = Submit("b");
  ExpectReason(refused, grpc::StatusCode::UNAVAILABLE, "READ_ONLY");
  EXPECT_THAT(refused.error_message(), HasSubstr("moving house"));
  EXPECT_TRUE(DetailsOf(refused).retry);
  EXPECT_TRUE(Reads("a"));
  EXPECT_THAT(HttpGet("/readyz?verbose"), HasSubstr("\nwrites: " + cannot_write + "\n"));
  EXPECT_THAT(HttpGet("/metrics"), HasSubstr("\nwonbon_cannot_write{reason=\"READ_ONLY\"} 1\n"));
  EXPECT_EQ(Stats().cannot_write(), cannot_write);
  MustCreate();  // it writes nothing into the store
  ASSERT_TRUE(SetReadOnly(false, "", &cannot_write).ok());
  EXPECT_EQ(cannot_write, "");
  EXPECT_THAT(HttpGet("/readyz?verbose"), HasSubstr("\nwrites: ok\n"));
  EXPECT_TRUE(Submit("b").ok());
  EXPECT_REFUSED(SetReadOnly(true, std::string(kMaxReasonBytes + 1, 'x'), &cannot_write),
                 grpc::StatusCode::INVALID_ARGUMENT, "reason");
  EXPECT_TRUE(Submit("c").ok());
}

TEST_F(BackupsTest, ADiskWithLessThanIsToStayFreeRefusesWrites) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  config_.disk_reserve.bytes = uint64_t{1} << 60;
  StartAnew();
  const grpc::Status refused = Submit("b");
  ExpectReason(refused, grpc::StatusCode::RESOURCE_EXHAUSTED, "DISK_FULL");
  EXPECT_THAT(refused.error_message(), HasSubstr("--disk-reserve"));
  EXPECT_TRUE(Reads("a"));
  EXPECT_THAT(HttpGet("/readyz?verbose"), HasSubstr("--disk-reserve"));
  std::string cannot_write;
  ASSERT_TRUE(SetReadOnly(false, "", &cannot_write).ok());
  EXPECT_THAT(cannot_write, HasSubstr("--disk-reserve")) << "an operator does not make room";
}

}  // namespace
}  // namespace wonbon
