#include "client/import/importer.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "client/import/import_file.h"
#include "client/import/input_stream.h"

namespace wonbon::client {
namespace {

std::string_view View(absl::string_view text) { return {text.data(), text.size()}; }

// 0 where one of them has no size, such as a pipe.
uint64_t BytesOf(const std::vector<std::string>& files) {
  uint64_t bytes = 0;
  for (const std::string& file : files) {
    std::error_code error;
    if (file == "-" || !std::filesystem::is_regular_file(file, error)) return 0;
    bytes += std::filesystem::file_size(file, error);
    if (error) return 0;
  }
  return bytes;
}

}  // namespace

std::string ReadingOf(const ImportOptions& options) {
  std::string reading = std::to_string(static_cast<int>(options.encoding)) + " ";
  reading += std::string(options.format.zone.name());
  for (const auto& [key, field] : options.format.field_of_key) reading += " " + field + "=" + key;
  return reading;
}

Importer::Importer(const Client* client, ImportOptions options, Note note)
    : client_(client),
      options_(std::move(options)),
      note_(std::move(note)),
      records_(options_.state_folder),
      bytes_total_(BytesOf(options_.files)) {}

Importer::~Importer() = default;

CallOptions Importer::MakeCallOptions() {
  CallOptions call = PatientCalls(options_.retry_for);
  call.attempt_timeout = options_.attempt_timeout;
  call.on_retry = [this](const absl::Status& error, absl::Duration) { OnRetry(error); };
  return call;
}

absl::Status Importer::Run() {
  // A misspelt name should show before the first document is sent.
  if (absl::Status status = CheckFiles(options_); !status.ok()) return status;
  if (absl::Status status = LearnStore(); !status.ok()) return status;
  absl::Status damaged;
  for (const std::string& path : options_.files) {
    absl::Status status = ImportFile(path);
    if (!status.ok() && !absl::IsDataLoss(status)) return status;
    damaged.Update(status);
  }
  return damaged;
}

absl::Status Importer::ImportFile(const std::string& path) {
  absl::StatusOr<std::shared_ptr<File>> opened = OpenFile(path);
  if (!opened.ok()) return opened.status();
  File* const file = opened->get();
  {
    absl::MutexLock lock(&mutex_);
    file_ = *opened;
  }
  const absl::Status sent = SendLines(file);
  // What stands before the damage of a file goes in all the same.
  if (!sent.ok() && !absl::IsDataLoss(sent)) Stop(sent);
  absl::Status status = Finish(file);
  if (status.ok()) status = sent;
  CloseFile(file, status.ok());
  return status;
}

absl::Status Importer::Finish(File* file) {
  // An error where a document has no answer, whatever the cause.
  const absl::Status flushed = file->writer->Flush();
  if (absl::Status cause = stopped(); !cause.ok()) return cause;
  if (!flushed.ok()) return flushed;
  return CheckStore(MakeCallOptions());
}

absl::StatusOr<std::shared_ptr<Importer::File>> Importer::OpenFile(const std::string& path) {
  absl::StatusOr<std::unique_ptr<InputStream>> input = OpenInput(path);
  if (!input.ok()) return input.status();
  auto file = std::make_shared<File>(path, options_, *std::move(input));
  if (absl::Status status = file->CheckHead(); !status.ok()) return status;
  auto key = MakeImportKey(path, options_.collection, options_.endpoint, ReadingOf(options_));
  if (key.ok() && options_.resume && store_.has_value()) file->key = *std::move(key);
  if (absl::Status status = Resume(file.get()); !status.ok()) return status;
  file->writer = std::make_unique<BatchWriter>(
      client_,
      BatchWriter::Options{.collection = options_.collection,
                           .max_documents = options_.batch_documents,
                           .max_bytes = options_.batch_bytes,
                           .in_flight = options_.in_flight,
                           .call = MakeCallOptions()},
      [this, raw = file.get()](const BatchWriter::Result& result) { OnResult(raw, result); });
  return file;
}

absl::Status Importer::SendLines(File* file) {
  for (;;) {
    const absl::StatusOr<std::optional<Line>> line = file->Next();
    if (!line.ok()) return line.status();
    if (!line->has_value()) break;
    if (absl::Status status = SendLine(file, **line); !status.ok()) return status;
  }
  if (const uint64_t lines = file->documents.converted(); lines > 0) {
    note_(std::to_string(lines) + " lines of " + file->path +
          " were CP949 (EUC-KR) and have been converted to UTF-8");
  }
  return absl::OkStatus();
}

void Importer::CountKeys(const File& file, const v1::Document& document, const Line& line) {
  const ArticleLineNotes& notes = file.documents.notes();
  bool first = false;
  {
    absl::MutexLock lock(&mutex_);
    tally_.keys.Add(notes, document);
    if (notes.zone_assumed) first = tally_.times_without_zone++ == 0;
  }
  if (first) {
    note_("line " + std::to_string(line.number) +
          " has a time without a zone: such times are read as " + options_.format.zone.name() +
          " (--timezone)");
  }
}

absl::Status Importer::SendLine(File* file, const Line& line) {
  const LinePosition end{.offset = line.end_offset, .line = line.number};
  if (DocumentReader::IsBlank(line)) {
    file->acks.Settle(file->acks.Add(end));
    return absl::OkStatus();
  }
  v1::Document document;
  const absl::Status why = file->Read(line, &document);
  CountKeys(*file, document, line);
  if (!why.ok()) return RejectLine(file, line, why);
  return file->writer->Write(std::move(document), file->acks.Add(end));
}

absl::Status Importer::RejectLine(File* file, const Line& line, const absl::Status& why) {
  if (absl::Status status = file->rejects->AddLine(InputLineOf(options_, file->path, line.number),
                                                   file->documents.Text(line), View(why.message()));
      !status.ok()) {
    return status;
  }
  file->acks.Settle(file->acks.Add({.offset = line.end_offset, .line = line.number}));
  absl::MutexLock lock(&mutex_);
  tally_.AddRejected();
  return absl::OkStatus();
}

void Importer::CloseFile(File* file, bool complete) {
  if (!complete) SaveProgress();
  absl::MutexLock save_lock(&save_mutex_);
  absl::MutexLock lock(&mutex_);
  if (file->rejects->count() > 0 && std::find(rejects_files_.begin(), rejects_files_.end(),
                                              file->rejects->path()) == rejects_files_.end()) {
    rejects_files_.push_back(file->rejects->path());
  }
  // The next import of the file is to send it all again.
  if (complete && file->key.has_value()) records_.Remove(*file->key);
  bytes_of_closed_ += file->SettledBytes();
  file_.reset();
}

void Importer::OnResult(File* file, const BatchWriter::Result& result) {
  // Whatever the cause: this document has no answer.
  if (result.call_failed) return Stop(result.status);
  if (!result.status.ok()) {
    const uint64_t line = file->acks.LineOf(result.tag);
    absl::Status status = file->rejects->AddDocument(InputLineOf(options_, file->path, line),
                                                     result.document,
                                                     View(result.status.message()));
    if (!status.ok()) return Stop(status);
  }
  {
    absl::MutexLock lock(&mutex_);
    trouble_.reset();
    if (result.status.ok()) {
      tally_.Add(*result.decision);
      sequence_ = std::max(sequence_, result.decision->sequence());
    } else {
      tally_.AddRejected();
    }
  }
  file->acks.Settle(result.tag);
}

void Importer::Stop(const absl::Status& why) {
  absl::MutexLock lock(&mutex_);
  if (stopped_.ok()) stopped_ = why;
  if (file_) file_->writer->Cancel();
}

absl::Status Importer::stopped() const {
  absl::MutexLock lock(&mutex_);
  return stopped_;
}

ImportProgress Importer::progress() const {
  ImportProgress progress;
  progress.tally = tally();
  absl::MutexLock lock(&mutex_);
  progress.bytes_settled = bytes_of_closed_ + (file_ ? file_->SettledBytes() : 0);
  progress.bytes_before = bytes_before_;
  progress.bytes_total = bytes_total_;
  progress.trouble = trouble_;
  progress.trouble_since = trouble_since_;
  return progress;
}

Tally Importer::tally() const {
  absl::MutexLock lock(&mutex_);
  Tally tally = tally_;
  tally.seconds = absl::ToDoubleSeconds(absl::Now() - started_);
  return tally;
}

std::vector<std::string> Importer::rejects_files() const {
  absl::MutexLock lock(&mutex_);
  return rejects_files_;
}

}  // namespace wonbon::client
