// One file of an import: how it is read, how far it is settled, where its documents go. Shared by
// the files of class Importer only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "client/import/document_reader.h"
#include "client/import/importer.h"
#include "client/import/input_stream.h"

namespace wonbon::client {

struct Importer::File {
  File(const std::string& file_path, const ImportOptions& options,
       std::unique_ptr<InputStream> bytes)
      : path(file_path),
        input(std::move(bytes)),
        lines(input.get()),
        documents(options.encoding, options.format) {}

  const std::string path;
  const std::unique_ptr<InputStream> input;
  LineReader lines;
  DocumentReader documents;
  uint64_t bytes_total = 0;      // packed; 0: not known
  std::optional<ImportKey> key;  // none: not resumable
  AckTracker acks;
  std::unique_ptr<RejectsFile> rejects;
  std::unique_ptr<BatchWriter> writer;
};

}  // namespace wonbon::client
