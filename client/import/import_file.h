// One file of an import: how it is read, how far it is settled, where its documents go. Shared by
// the files of class Importer, and by a dry run, only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "client/import/document_reader.h"
#include "client/import/importer.h"
#include "client/import/input_stream.h"

namespace wonbon::client {

// The stages that read.
struct ArticleFile {
  ArticleFile(const std::string& file_path, const ImportOptions& options,
              std::unique_ptr<InputStream> bytes)
      : path(file_path),
        input(std::move(bytes)),
        lines(input.get()),
        documents(options.encoding, options.format) {}

  // Whether it can be article lines at all. INVALID_ARGUMENT: no, and what to do with it.
  // REQUIRES: nothing was read yet.
  absl::Status CheckHead();
  // The next line, blank ones too; nothing at the end. Errors of InputStream::Read; DATA_LOSS
  // says how many lines were whole.
  absl::StatusOr<std::optional<Line>> Next();
  // Fills `document`, which must be empty; an error is why the line has to be turned away.
  absl::Status Read(const Line& line, v1::Document* document);

  const std::string path;
  const std::unique_ptr<InputStream> input;
  LineReader lines;
  DocumentReader documents;
};

struct Importer::File : ArticleFile {
  using ArticleFile::ArticleFile;

  // Of the file as it is, packed: where lines are settled up to. Of a packed one an estimate.
  uint64_t SettledBytes() const;

  std::optional<ImportKey> key;  // none: not resumable
  AckTracker acks;
  std::unique_ptr<RejectsFile> rejects;
  std::unique_ptr<BatchWriter> writer;
};

// Where lines of `file` that are turned away go. See ImportOptions::rejects.
std::string RejectsPath(const ImportOptions& options, const std::string& file);

// Whether all files can be opened, and none is where rejects would be written.
absl::Status CheckFiles(const ImportOptions& options);

// How a line is called in reports: with its file where there are several.
RejectsFile::InputLine InputLineOf(const ImportOptions& options, const std::string& file,
                                   uint64_t line);

}  // namespace wonbon::client
