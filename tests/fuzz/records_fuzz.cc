// Stored records: any bytes are refused or are a record, and a record reads back as it was written.
// The first byte says which kind.
#include <string>

#include "core/store/body.h"
#include "core/store/document_codec.h"
#include "core/store/format.h"
#include "core/store/ledger_codec.h"
#include "core/store/store.h"
#include "tests/fuzz/fuzz.h"

namespace wonbon {
namespace {

// decode(encode(record)) says what the record says. Compared as bytes: NaN is not itself.
template <typename Decode, typename Encode>
void ExpectStable(std::string_view bytes, Decode decode, Encode encode) {
  const auto record = decode(bytes);
  if (!record.ok()) return;
  std::string once;
  encode(*record, &once);
  const auto again = decode(once);
  FUZZ_PROMISE(again.ok());
  std::string twice;
  encode(*again, &twice);
  FUZZ_PROMISE(once == twice);
}

void EncodeIdState(const StoreSnapshot::IdState& state, std::string* out) {
  if (const auto* number = std::get_if<DocumentNumber>(&state)) EncodeLiveId(*number, out);
  if (const auto* tombstone = std::get_if<Tombstone>(&state)) EncodeTombstone(*tombstone, out);
}

void EncodeClusterOrRedirect(const std::variant<ClusterRecord, Redirect>& record,
                             std::string* out) {
  if (const auto* cluster = std::get_if<ClusterRecord>(&record)) EncodeCluster(*cluster, out);
  if (const auto* redirect = std::get_if<Redirect>(&record)) EncodeRedirect(redirect->to, out);
}

absl::StatusOr<std::vector<ClusterEvent>> DecodeAllEvents(std::string_view bytes) {
  std::vector<ClusterEvent> events;
  absl::Status status = DecodeEvents({CollectionNumber{1}, 7}, bytes, &events);
  if (!status.ok()) return status;
  return events;
}

void EncodeAllEvents(const std::vector<ClusterEvent>& events, std::string* out) {
  std::vector<const ClusterEvent*> pointers;
  for (const ClusterEvent& event : events) pointers.push_back(&event);
  EncodeEvents(pointers, out);
}

void One(uint8_t kind, std::string_view bytes) {
  switch (kind % 12) {
    case 0:
      return ExpectStable(
          bytes, [](std::string_view b) { return DecodeEntry(DocumentNumber{1}, b); }, EncodeEntry);
    case 1: return ExpectStable(bytes, DecodeContent, EncodeContent);
    case 2: return ExpectStable(bytes, DecodeFingerprint, EncodeFingerprint);
    case 3:
      return ExpectStable(
          bytes, [](std::string_view b) { return DecodeId(CollectionNumber{1}, "id", b); },
          EncodeIdState);
    case 4:
      return ExpectStable(
          bytes, [](std::string_view b) { return DecodeCluster(ClusterId{1}, b); },
          EncodeClusterOrRedirect);
    case 5: return ExpectStable(bytes, DecodeAllEvents, EncodeAllEvents);
    case 6:
      return ExpectStable(
          bytes, [](std::string_view b) { return DecodeCollection(CollectionNumber{1}, b); },
          EncodeCollection);
    case 7: return ExpectStable(bytes, DecodeRemovedFounder, EncodeRemovedFounder);
    case 8: return ExpectStable(bytes, DecodeState, EncodeState);
    case 9: {
      const absl::StatusOr<std::string> body = UnpackBody(bytes);
      if (body.ok()) FUZZ_PROMISE(UnpackBody(PackBody(*body)).value() == *body);
      return;
    }
    case 10:
      ParseFormat(std::string(bytes), "FORMAT").status().IgnoreError();
      FUZZ_PROMISE(UnpackBody(PackBody(bytes)).value() == bytes);
      return;
    case 11: return ExpectStable(bytes, DecodeFamily, EncodeFamily);
  }
}

}  // namespace
}  // namespace wonbon

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  wonbon::fuzz::Input input(data, size);
  const uint8_t kind = input.Byte();
  wonbon::One(kind, input.Rest());
  return 0;
}
