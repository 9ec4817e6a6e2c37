// wonbon import: article files into the server.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <thread>

#include "client/command/json.h"
#include "client/command/progress.h"
#include "client/command/table.h"
#include "client/command/verbs.h"
#include "client/import/importer.h"
#include "client/import/timestamp.h"

namespace wonbon::client {
namespace {

constexpr absl::Duration kDisplayInterval = absl::Milliseconds(150);
constexpr absl::Duration kSaveInterval = absl::Milliseconds(500);

struct Flags {
  ImportOptions import;
  std::string encoding = "auto";
  std::string retry_for = "60s";
  std::vector<std::string> map;
  std::string timezone = "Asia/Seoul";
  bool no_resume = false;
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
  Attendant(Importer* importer, ProgressDisplay* display, const BlockedSignals* signals)
      : importer_(importer), display_(display), signals_(signals) {
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
      display_->Update(importer_->progress());
    }
    display_->Clear();
  }

  void Save() {
    while (done_.Sleep(kSaveInterval)) importer_->Tick();
  }

  Importer* const importer_;
  ProgressDisplay* const display_;
  const BlockedSignals* const signals_;
  Cancellation done_;
  std::thread watching_;
  std::thread saving_;
};

double Rounded(double value, double steps) { return std::round(value * steps) / steps; }

Json ToJson(const Tally& tally) {
  Json json = {{"documents", tally.documents},
               {"created", tally.created},
               {"updated", tally.updated},
               {"unchanged", tally.unchanged},
               {"unique", tally.unique},
               {"exact", tally.exact},
               {"near", tally.near},
               {"revision", tally.revision},
               {"excerpt", tally.excerpt},
               {"embeds", tally.embeds},
               {"overlap", tally.overlap},
               {"template", tally.template_form},
               {"rejected", tally.rejected},
               {"left_out_keys", tally.left_out_keys()},
               {"times_without_zone", tally.times_without_zone},
               {"seconds", Rounded(tally.seconds, 1000)},
               {"documents_per_second", Rounded(tally.documents_per_second(), 10)}};
  if (tally.resumed_at_line.has_value()) json["resumed_at_line"] = *tally.resumed_at_line;
  return json;
}

// What was read otherwise than it stands, in words.
void PrintNotes(const Session& session, const Tally& tally, const std::string& timezone) {
  if (tally.times_without_zone > 0) {
    session.err << "wonbon: " << Grouped(tally.times_without_zone)
                << " times named no zone and were read as " << timezone << " (--timezone)\n";
  }
  if (tally.left_out.empty()) return;
  session.err << "wonbon: " << Grouped(tally.left_out_keys())
              << " keys were left out, for no label has room for them:";
  for (const auto& [key, count] : tally.left_out) {
    session.err << ' ' << (key.empty() ? "others" : Printable(key)) << " (" << Grouped(count)
                << ')';
  }
  session.err << std::endl;
}

void PrintSummary(const Session& session, const Tally& tally) {
  const Output output = session.OutputOr(Output::kTable);
  if (output != Output::kTable) {
    session.out << Dump(ToJson(tally)) << '\n';
    return;
  }
  char speed[96];
  std::snprintf(speed, sizeof speed, " documents in %.1f s, %s a second\n", tally.seconds,
                Grouped(static_cast<uint64_t>(tally.documents_per_second())).c_str());
  session.out << Grouped(tally.documents) << speed;
  const auto line = [&](const char* name,
                        std::initializer_list<std::pair<const char*, uint64_t>> counts) {
    session.out << name;
    for (const auto& [word, count] : counts) session.out << "  " << word << ' ' << Grouped(count);
    session.out << '\n';
  };
  line("outcome ", {{"created", tally.created},
                    {"updated", tally.updated},
                    {"unchanged", tally.unchanged},
                    {"rejected", tally.rejected}});
  line("copies  ", {{"exact", tally.exact}, {"near", tally.near}, {"revision", tally.revision}});
  line("others  ", {{"unique", tally.unique},
                    {"excerpt", tally.excerpt},
                    {"embeds", tally.embeds},
                    {"overlap", tally.overlap},
                    {"template", tally.template_form}});
}

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

int Import(const Session& session, const Flags& flags) {
  const BlockedSignals signals;  // before any thread is started
  // Several connections, so that the server can read batches on several cores.
  const auto client = session.Connect(std::min(flags.import.in_flight, 4));
  if (!client.ok()) return session.Fail(client.status());
  ProgressDisplay display(session.err, {.terminal = session.err_is_terminal,
                                        .width = TerminalWidth(),
                                        .endpoint = session.global.endpoint});
  Importer importer(client->get(), Complete(session, flags),
                    [&](const std::string& text) { display.Note(text); });
  absl::Status status;
  Tally tally;
  {
    const Attendant attendant(&importer, &display, &signals);
    status = importer.Run();
    tally = importer.tally();
  }
  if (status.ok()) {
    PrintSummary(session, tally);
  } else {
    session.err << "wonbon: the import stopped after " << Grouped(tally.documents)
                << " documents; repeat the command to go on" << std::endl;
    session.Fail(status);
  }
  PrintNotes(session, tally, flags.timezone);
  for (const std::string& file : importer.rejects_files()) {
    session.err << "wonbon: " << Grouped(tally.rejected) << " rejected; reasons in "
                << Printable(file) << std::endl;
  }
  return status.ok() && tally.rejected == 0 ? kExitOk : kExitFailed;
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
                   "File for lines that were turned away, with the reason; only made if there are "
                   "any (default: FILE.rejects.jsonl in the current folder)");
  verb->add_option("--retry-for", flags->retry_for, "How long to wait for a server that is away")
      ->check(DurationValidator())
      ->capture_default_str();
  verb->add_flag("--no-resume", flags->no_resume,
                 "Start over, and keep no record to go on from after an interruption");
  verb->callback([chosen, flags] {
    *chosen = [flags](const Session& session) { return Import(session, *flags); };
  });
}

}  // namespace wonbon::client
