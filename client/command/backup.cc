// wonbon backup: create, list and verify by the server; restore, which is done by wonbond itself on
// folders. wonbon read-only.
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "client/command/json.h"
#include "client/command/table.h"
#include "client/command/verbs.h"

extern char** environ;

namespace wonbon::client {
namespace {

namespace fs = std::filesystem;

// Copying takes its time. A second attempt would make a second backup.
CallOptions Patient(const Session& session) {
  CallOptions call;
  call.timeout = call.attempt_timeout = session.global.timeout.value_or(absl::Hours(24));
  call.retry.max_attempts = 1;
  return call;
}

void Print(const Session& session, const std::vector<v1::Backup>& backups) {
  const Output output = session.OutputOr(Output::kTable);
  Json list = Json::array();
  Table table({"backup", "sequence", "MiB", "store", "trouble"});
  for (const v1::Backup& backup : backups) {
    if (output == Output::kJsonl) session.out << Dump(ToJson(backup)) << '\n';
    if (output == Output::kJson) list.push_back(ToJson(backup));
    table.AddRow({backup.name(), std::to_string(backup.sequence()),
                  std::to_string(backup.bytes() >> 20), backup.store_id(),
                  Printable(backup.trouble())});
  }
  if (output == Output::kTable) table.Print(session.out, session.out_columns);
  if (output == Output::kJson) session.out << Pretty({{"backups", std::move(list)}}) << '\n';
}

int Create(const Session& session) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  const CallOptions call = Patient(session);
  const auto made = (*client)->CreateBackup(v1::CreateBackupRequest(), &call);
  if (!made.ok()) return session.Fail(made.status());
  Print(session, {made->backup()});
  for (const std::string& name : made->removed()) session.err << "removed " << name << std::endl;
  return kExitOk;
}

int List(const Session& session) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  const auto listed = (*client)->ListBackups(v1::ListBackupsRequest());
  if (!listed.ok()) return session.Fail(listed.status());
  Print(session, {listed->backups().begin(), listed->backups().end()});
  return kExitOk;
}

int Verify(const Session& session, const std::vector<std::string>& names) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  const CallOptions call = Patient(session);
  int code = kExitOk;
  for (const std::string& name : names) {
    v1::VerifyBackupRequest request;
    request.set_backup(name);
    const auto verified = (*client)->VerifyBackup(request, &call);
    if (!verified.ok()) {
      code = session.Fail(verified.status());
    } else if (session.OutputOr(Output::kTable) != Output::kTable) {
      session.out << Dump(ToJson(*verified)) << '\n';
    } else {
      session.out << Printable(name)
                  << (verified->damage().empty() ? ": whole" : ": damaged:") << '\n';
      for (const std::string& line : verified->damage()) {
        session.out << "  " << Printable(line) << '\n';
      }
    }
    if (verified.ok() && !verified->damage().empty()) code = kExitFailed;
  }
  return code;
}

// wonbond as it was built or installed with this program; else that of PATH.
std::string FindServer() {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& place : {here / "wonbond", here.parent_path() / "server" / "wonbond"}) {
    if (!error && fs::is_regular_file(place, error)) return place;
    error.clear();
  }
  return "wonbond";
}

int Restore(const Session& session, const std::string& backup, const std::string& folder,
            const std::string& seed_file) {
  std::vector<std::string> words = {FindServer(), "--restore", backup, folder};
  if (!seed_file.empty()) words.push_back("--seed-file=" + seed_file);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  session.out.flush();
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, words[0].c_str(), nullptr, nullptr, arguments.data(), environ);
  if (error != 0) {
    return session.Fail(absl::NotFoundError("cannot run " + words[0] + ": " +
                                            std::system_category().message(error) +
                                            "; a restore is done by wonbond: install it here"));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? kExitOk : kExitFailed;
}

int SetReadOnly(const Session& session, bool off, const std::string& reason) {
  const auto client = session.Connect();
  if (!client.ok()) return session.Fail(client.status());
  v1::SetReadOnlyRequest request;
  request.set_read_only(!off);
  request.set_reason(reason);
  const auto set = (*client)->SetReadOnly(request);
  if (!set.ok()) return session.Fail(set.status());
  session.out << (set->cannot_write().empty() ? "writes are taken" : Printable(set->cannot_write()))
              << '\n';
  return kExitOk;
}

void AddReadOnly(CLI::App& app, Verb* chosen) {
  CLI::App* verb = app.add_subcommand("read-only", "Have the server refuse writes, or take them");
  auto off = std::make_shared<bool>(false);
  auto reason = std::make_shared<std::string>();
  verb->add_flag("--off", *off, "Take writes again");
  verb->add_option("--reason", *reason, "Why: part of every refusal");
  verb->callback([=] {
    *chosen = [=](const Session& session) { return SetReadOnly(session, *off, *reason); };
  });
}

}  // namespace

void AddBackup(CLI::App& app, Verb* chosen) {
  CLI::App* backup = app.add_subcommand("backup", "Copies of all that a server holds");
  backup->require_subcommand(1);
  backup->add_subcommand("create", "Make one, in the server's folder of backups")
      ->callback([chosen] { *chosen = Create; });
  backup->add_subcommand("list", "Those in the server's folder, oldest first")
      ->callback([chosen] { *chosen = List; });
  CLI::App* verify =
      backup->add_subcommand("verify", "Read backups; exit code 0 only if all of them is whole");
  auto names = std::make_shared<std::vector<std::string>>();
  verify->add_option("NAME", *names, "Backups, as `wonbon backup list` names them")->required();
  verify->callback([=] {
    *chosen = [=](const Session& session) { return Verify(session, *names); };
  });
  CLI::App* restore = backup->add_subcommand(
      "restore", "Make a new data folder of a backup, on this machine and without a server");
  auto from = std::make_shared<std::string>();
  auto to = std::make_shared<std::string>();
  auto seed_file = std::make_shared<std::string>();
  restore->add_option("BACKUP", *from, "Folder of the backup")->required();
  restore->add_option("DIR", *to, "The data folder to make: missing, or empty")->required();
  restore->add_option("--seed-file", *seed_file, "Of a store that was made with one");
  restore->callback([=] {
    *chosen = [=](const Session& session) { return Restore(session, *from, *to, *seed_file); };
  });
  AddReadOnly(app, chosen);
}

}  // namespace wonbon::client
