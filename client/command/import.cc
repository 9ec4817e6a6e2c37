// wonbon import: article files into the server.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "client/command/import_text.h"
#include "client/command/port.h"
#include "client/command/progress.h"
#include "client/command/table.h"
#include "client/command/verbs.h"
#include "client/import/dry_run.h"
#include "client/import/importer.h"
#include "client/import/timestamp.h"
#include "client/status.h"

namespace wonbon::client {
namespace {

constexpr absl::Duration kDisplayInterval = absl::Milliseconds(150);
constexpr absl::Duration kSaveInterval = absl::Milliseconds(500);
// Of a dry run, where no file is named for them.
constexpr int kShownRejects = 10;

struct Flags {
  ImportOptions import;
  std::string encoding = "auto";
  std::string retry_for = "60s";
  std::vector<std::string> map;
  std::string timezone = "Asia/Seoul";
  bool no_resume = false;
  bool dry_run = false;
};

// Blocks SIGINT and SIGTERM for this thread and those it starts, so that one thread can wait for
// them. Signals that are ignored (nohup, background jobs) stay ignored.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigemptyset(&set_);
    for (const int number : {SIGINT, SIGTERM}) {
      struct sigaction action {};
      if (sigaction(number, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
        sigaddset(&set_, number);
      }
    }
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

  // The signal that came, or 0 after `wait`.
  int Wait(absl::Duration wait) const {
    const timespec timeout = absl::ToTimespec(wait);
    const int number = sigtimedwait(&set_, nullptr, &timeout);
    return number > 0 ? number : 0;
  }

 private:
  sigset_t set_;
  sigset_t before_;
};

// Shows the progress, keeps the progress record fresh, and ends the process on SIGINT and SIGTERM:
// at once, because running calls need no end (the server may or may not have taken their documents,
// and they will be sent again).
class Attendant {
 public:
  Attendant(Importer* importer, ProgressDisplay* display, const BlockedSignals* signals,
            const GlobalOptions* global)
      : importer_(importer), display_(display), signals_(signals), global_(global) {
    watching_ = std::thread([this] { Watch(); });
    saving_ = std::thread([this] { Save(); });
  }
  ~Attendant() {
    done_.Cancel();
    pthread_kill(watching_.native_handle(), SIGTERM);  // wakes it
    watching_.join();
    saving_.join();
  }
  Attendant(const Attendant&) = delete;
  Attendant& operator=(const Attendant&) = delete;

 private:
  void Watch() {
    while (!done_.cancelled()) {
      const int number = signals_->Wait(kDisplayInterval);
      if (done_.cancelled()) break;
      if (number != 0) {
        importer_->SaveProgress();
        display_->Note("interrupted after " + Grouped(importer_->tally().documents) +
                       " documents; repeat the command to go on");
        ::_exit(128 + number);
      }
      const ImportProgress progress = importer_->progress();
      Hint(progress.trouble);
      display_->Update(progress);
    }
    display_->Clear();
  }

  // Once: a port that is not what it was taken for will not change by waiting.
  void Hint(const std::optional<absl::Status>& trouble) {
    if (hinted_ || !trouble.has_value() || !ErrorReason(*trouble).empty()) return;
    hinted_ = true;
    if (const std::string hint = PortHint(*global_); !hint.empty()) display_->Note(hint);
  }

  void Save() {
    while (done_.Sleep(kSaveInterval)) importer_->Tick();
  }

  Importer* const importer_;
  ProgressDisplay* const display_;
  const BlockedSignals* const signals_;
  const GlobalOptions* const global_;
  bool hinted_ = false;  // the watching thread's
  Cancellation done_;
  std::thread watching_;
  std::thread saving_;
};

ImportOptions Complete(const Session& session, const Flags& flags) {
  ImportOptions options = flags.import;
  options.collection = session.global.collection;
  options.endpoint = session.global.endpoint;
  options.encoding = *ParseEncoding(flags.encoding);
  options.format.zone = *ParseTimeZone(flags.timezone);
  for (const std::string& mapping : flags.map) (void)AddMapping(mapping, &options.format);
  options.retry_for = *ParseDuration(flags.retry_for);
  if (session.global.timeout.has_value()) options.attempt_timeout = *session.global.timeout;
  options.resume = !flags.no_resume;
  options.state_folder = StateFolder();
  return options;
}

// Where --output goes: what was turned away has the standard output for itself.
std::ostream& SummaryStream(const Session& session, const Flags& flags) {
  return flags.import.rejects == "-" ? session.err : session.out;
}

// Lines that are turned away go to --rejects where that is given; the first of them are shown
// otherwise, for a dry run writes nothing of its own accord.
int TryOut(const Session& session, const Flags& flags) {
  const ImportOptions options = Complete(session, flags);
  std::unique_ptr<RejectsFile> rejects;
  if (!options.rejects.empty()) {
    rejects = std::make_unique<RejectsFile>(RejectsFile::Options{
        .path = options.rejects, .append = false, .format = options.format});
  }
  int shown = 0;
  const auto report = DryRun(
      options, [&](const RejectsFile::InputLine& at, std::string_view line, std::string_view why) {
        if (rejects != nullptr) return rejects->AddLine(at, line, why);
        if (++shown <= kShownRejects) {
          session.err << "wonbon: " << (at.file.empty() ? "" : Printable(at.file) + ", ") << "line "
                      << at.line << ": " << Printable(why) << std::endl;
        }
        return absl::OkStatus();
      });
  if (!report.ok()) return session.Fail(report.status());
  if (shown > kShownRejects) {
    session.err << "wonbon: " << Grouped(report->rejected - kShownRejects)
                << " more; --rejects=FILE has them all" << std::endl;
  }
  PrintDryRun(SummaryStream(session, flags), session, *report);
  PrintNotes(session.err, report->keys, report->times_without_zone, flags.timezone);
  return report->rejected == 0 ? kExitOk : kExitFailed;
}

int Import(const Session& session, const Flags& flags) {
  const BlockedSignals signals;  // before any thread is started
  // Several connections, so that the server can read batches on several cores.
  const auto client = session.Connect(std::min(flags.import.in_flight, 4));
  if (!client.ok()) return session.Fail(client.status());
  ProgressDisplay display(session.err, {.terminal = session.err_is_terminal,
                                        .width = TerminalWidth(STDERR_FILENO),
                                        .endpoint = session.global.endpoint});
  Importer importer(client->get(), Complete(session, flags),
                    [&](const std::string& text) { display.Note(text); });
  absl::Status status;
  Tally tally;
  {
    const Attendant attendant(&importer, &display, &signals, &session.global);
    status = importer.Run();
    tally = importer.tally();
  }
  if (status.ok()) {
    PrintSummary(SummaryStream(session, flags), session.OutputOr(Output::kTable), tally);
  } else {
    if (tally.documents > 0 || !absl::IsInvalidArgument(status)) {
      session.err << "wonbon: the import stopped after " << Counted(tally.documents, "document")
                  << "; repeat the command to go on" << std::endl;
    }
    session.Fail(status);
  }
  PrintNotes(session.err, tally.keys, tally.times_without_zone, flags.timezone);
  for (const std::string& file : importer.rejects_files()) {
    if (file == "-") continue;
    session.err << "wonbon: " << Grouped(tally.rejected) << " rejected; reasons in "
                << Printable(file) << ", which can be imported again" << std::endl;
  }
  return status.ok() && tally.rejected == 0 ? kExitOk : kExitFailed;
}

void AddReadingOptions(CLI::App* verb, Flags* flags) {
  verb->add_option("--encoding", flags->encoding,
                   "auto, utf-8 or cp949 (euc-kr): what the files are written in")
      ->check([](const std::string& name) {
        const auto encoding = ParseEncoding(name);
        return encoding.ok() ? std::string() : std::string(encoding.status().message());
      })
      ->capture_default_str();
  verb->add_option("--map", flags->map,
                   "FIELD=KEY: where the files name a field otherwise, as in body=text,url=link")
      ->delimiter(',')
      ->check([](const std::string& mapping) {
        ArticleLineFormat ignored;
        return std::string(AddMapping(mapping, &ignored).message());
      });
  verb->add_option("--timezone", flags->timezone,
                   "Zone of times that name none: Asia/Seoul, UTC, +09:00")
      ->check([](const std::string& name) {
        return std::string(ParseTimeZone(name).status().message());
      })
      ->capture_default_str();
  verb->add_option("--rejects", flags->import.rejects,
                   "File for lines that were turned away, with the reason, which can be imported "
                   "again; only made if there are any (default: FILE.rejects.jsonl in the current "
                   "folder); \"-\" is the standard output, and the summary goes to the error "
                   "output");
}

}  // namespace

void AddImport(CLI::App& app, Verb* chosen) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand(
      "import", "Article files into the index: JSON lines, plain or packed with zstd or gzip");
  verb->add_option("FILE", flags->import.files, "Files to import; \"-\" is the standard input")
      ->required();
  verb->add_option("--in-flight", flags->import.in_flight,
                   "Batches sent at once; 1 keeps the order of the file")
      ->check(CLI::Range(1, kMaxBatchesInFlight))
      ->capture_default_str();
  verb->add_option("--batch-documents", flags->import.batch_documents, "Documents in a batch")
      ->check(CLI::Range(1, kMaxBatchDocuments))
      ->capture_default_str();
  verb->add_option("--batch-bytes", flags->import.batch_bytes, "Bytes in a batch")
      ->check(CLI::Range(size_t{1}, kMaxDocumentBytes))
      ->capture_default_str();
  AddReadingOptions(verb, flags.get());
  verb->add_option("--retry-for", flags->retry_for, "How long to wait for a server that is away")
      ->check(DurationValidator())
      ->capture_default_str();
  verb->add_flag("--no-resume", flags->no_resume,
                 "Start over, and keep no record to go on from after an interruption");
  verb->add_flag("--dry-run", flags->dry_run,
                 "Read and check the files, and say what would be sent; no server is asked");
  verb->callback([chosen, flags] {
    *chosen = [flags](const Session& session) {
      return flags->dry_run ? TryOut(session, *flags) : Import(session, *flags);
    };
  });
}

}  // namespace wonbon::client
