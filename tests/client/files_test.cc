// From a file to lines of UTF-8: packing, line ends, encodings.
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>

#include "client/import/ack_tracker.h"
#include "client/import/document_reader.h"
#include "client/import/line_reader.h"
#include "tests/temporary_folder.h"

namespace wonbon::client {
namespace {

class FilesTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& bytes) {
    const std::string path = folder_ / "input";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  // All lines of a file, or the error that ended them.
  absl::StatusOr<std::vector<std::string>> Lines(const std::string& bytes) {
    auto input = OpenInput(Write(bytes));
    if (!input.ok()) return input.status();
    LineReader reader(input->get());
    std::vector<std::string> lines;
    for (;;) {
      auto line = reader.Next();
      if (!line.ok()) return line.status();
      if (!line->has_value()) return lines;
      EXPECT_EQ((*line)->number, lines.size() + 1);
      lines.emplace_back((*line)->text);
    }
  }

  const TemporaryFolder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
};

std::string Zstd(const std::string& text, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  if (window_log > 0) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  }
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  // Streaming keeps the declared window although the text is short.
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  while (in.pos < in.size) ZSTD_compressStream2(context, &out, &in, ZSTD_e_continue);
  while (ZSTD_compressStream2(context, &out, &in, ZSTD_e_end) != 0) {
  }
  ZSTD_freeCCtx(context);
  packed.resize(out.pos);
  return packed;
}

std::string Gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(text.size() + 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

using StringList = std::vector<std::string>;

TEST_F(FilesTest, LinesEndWithLfOrCrLfOrTheFile) {
  EXPECT_EQ(*Lines("a\r\nb\n\nc"), (StringList{"a", "b", "", "c"}));
  EXPECT_EQ(*Lines("a\n"), (StringList{"a"}));
  EXPECT_EQ(*Lines(""), StringList{});
}

TEST_F(FilesTest, PackedFilesAreKnownByTheirFirstBytes) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i) + " 기사\n";
  const auto plain = Lines(text);
  ASSERT_TRUE(plain.ok());
  ASSERT_EQ(plain->size(), 20'000u);
  for (const std::string& packed : {Zstd(text), Zstd(text, 27), Gzip(text),
                                    Zstd(text.substr(0, 5000)) + Zstd(text.substr(5000)),
                                    Gzip(text.substr(0, 5000)) + Gzip(text.substr(5000))}) {
    const auto lines = Lines(packed);
    ASSERT_TRUE(lines.ok()) << lines.status();
    EXPECT_EQ(*lines, *plain);
  }
}

TEST_F(FilesTest, ACutOffOrDamagedPackIsDataLoss) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919) + "\n";
  for (const std::string& packed : {Zstd(text), Gzip(text)}) {
    EXPECT_EQ(Lines(packed.substr(0, packed.size() - 20)).status().code(),
              absl::StatusCode::kDataLoss);
    std::string damaged = packed;
    for (size_t i = damaged.size() / 2; i < damaged.size() / 2 + 64; ++i) damaged[i] ^= 0x5A;
    EXPECT_EQ(Lines(damaged).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST_F(FilesTest, AMissingFileAndAFolderAreNamed) {
  EXPECT_EQ(OpenInput(folder_ / "none").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(OpenInput(folder_).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(FilesTest, SkippingGoesOnAtTheSameLine) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "line " + std::to_string(i) + "\n";
  for (const std::string& bytes : {text, Zstd(text), Gzip(text)}) {
    auto input = OpenInput(Write(bytes));
    LineReader all(input->get());
    Line line;
    for (int i = 0; i < 1'234; ++i) line = **all.Next();
    auto again = OpenInput(folder_ / "input");
    LineReader rest(again->get());
    ASSERT_TRUE(rest.Skip(line.end_offset, line.number).ok());
    const auto next = rest.Next();
    EXPECT_EQ((*next)->text, "line 1234");
    EXPECT_EQ((*next)->number, 1'235u);
    EXPECT_EQ((*next)->end_offset, (*all.Next())->end_offset);
  }
}

TEST_F(FilesTest, SkippingPastTheEndIsOutOfRange) {
  auto input = OpenInput(Write("a\n"));
  LineReader reader(input->get());
  EXPECT_EQ(reader.Skip(100, 7).code(), absl::StatusCode::kOutOfRange);
}

TEST_F(FilesTest, ATooLongLineIsPassedOver) {
  const std::string text = "a\n" + std::string(3 << 20, 'x') + "\nb\n";
  auto input = OpenInput(Write(text));
  LineReader reader(input->get(), 1 << 20);
  EXPECT_EQ((*reader.Next())->text, "a");
  const auto line = reader.Next();
  EXPECT_TRUE((*line)->too_long);
  EXPECT_EQ((*line)->end_offset, text.size() - 2);
  EXPECT_EQ((*reader.Next())->text, "b");
  EXPECT_FALSE((*reader.Next()).has_value());
}

// Reads all lines as documents; a line that is turned away leaves its reason.
StringList Bodies(const std::string& path, Encoding encoding) {
  auto input = OpenInput(path);
  LineReader lines(input->get());
  DocumentReader documents(encoding);
  StringList bodies;
  for (auto line = lines.Next(); line->has_value(); line = lines.Next()) {
    if (DocumentReader::IsBlank(**line)) continue;
    v1::Document document;
    const absl::Status status = documents.Read(**line, lines, &document);
    bodies.push_back(status.ok() ? document.body() : "rejected: " + std::string(status.message()));
  }
  return bodies;
}

// "가각힣 한글" in CP949; 힣 is not in EUC-KR.
constexpr char kCp949[] = "\xB0\xA1\xB0\xA2\xC6\x52 \xC7\xD1\xB1\xDB";

TEST_F(FilesTest, Cp949IsDetectedAndConverted) {
  const std::string path =
      Write(std::string("{\"id\":\"1\",\"body\":\"ascii\"}\n") + "{\"id\":\"2\",\"body\":\"" +
            kCp949 + " \\\\ \\n\"}\n" + "{\"id\":\"3\",\"body\":\"" + kCp949 + "\"}\n");
  const StringList expected{"ascii", "가각힣 한글 \\ \n", "가각힣 한글"};
  EXPECT_EQ(Bodies(path, Encoding::kAuto), expected);
  EXPECT_EQ(Bodies(path, Encoding::kCp949), expected);
  EXPECT_EQ(Bodies(path, Encoding::kUtf8)[1],
            "rejected: \"body\": byte 18 of the line is not UTF-8");
}

std::string Article(const std::string& body) {
  return "{\"id\":\"1\",\"body\":\"" + body + "\"}\n";
}

TEST_F(FilesTest, LinesOfEitherEncodingMayStandInOneFile) {
  const std::string path = Write(Article(kCp949) + Article("한글") + Article(kCp949));
  EXPECT_EQ(Bodies(path, Encoding::kAuto), (StringList{"가각힣 한글", "한글", "가각힣 한글"}));
}

TEST_F(FilesTest, ABrokenByteTurnsAwayItsLineOnly) {
  const StringList korean = Bodies(
      Write(Article(kCp949) + Article(std::string(kCp949) + "\xB0") + Article(kCp949)),
      Encoding::kAuto);
  ASSERT_EQ(korean.size(), 3u);
  EXPECT_EQ(korean[0], "가각힣 한글");
  EXPECT_EQ(korean[1], "rejected: \"body\": byte 29 of the line is neither UTF-8 nor CP949");
  EXPECT_EQ(korean[2], "가각힣 한글");

  // A byte of UTF-8 is gone; as CP949 the rest would be other words.
  std::string broken = "서울시는 한강 공원에 새 산책로를 열었다고 밝혔다";
  broken.erase(7, 1);
  const StringList utf8 = Bodies(Write(Article("한글") + Article(broken) + Article("한글")),
                                 Encoding::kAuto);
  EXPECT_EQ(utf8[1],
            "rejected: \"body\": byte 24 of the line is not UTF-8, as the rest of it is");
  EXPECT_EQ(utf8[2], "한글");
  EXPECT_EQ(Bodies(Write(Article(broken) + Article("a \xC2\xB7 b") + Article("한글")),
                   Encoding::kAuto)[1],
            "a · b")
      << "what was turned away says nothing of its neighbours";
}

TEST_F(FilesTest, ABrokenByteIsNamedWithItsKey) {
  const auto reason = [this](const std::string& line) {
    return Bodies(Write(line + "\n"), Encoding::kUtf8)[0];
  };
  EXPECT_EQ(reason("{\"id\":\"1\",\"labels\":{\"a\":\"b\"}, \"title\" : \"\\\"\xFF\"}"),
            "rejected: \"title\": byte 43 of the line is not UTF-8");
  EXPECT_EQ(reason("{\"labels\":{\"a\":[\"b\",\"\xFF\"]}}"),
            "rejected: \"labels\": byte 21 of the line is not UTF-8");
  EXPECT_EQ(reason("{\"a\xFF\":1}"), "rejected: byte 3 of the line is not UTF-8");
  EXPECT_EQ(reason("\xFF"), "rejected: byte 0 of the line is not UTF-8");
  EXPECT_EQ(reason("{\"a\":\"\\"), "rejected: not JSON: A string is opened, but never closed.");
}

TEST_F(FilesTest, ALineThatCouldBeEitherIsWhatItsNeighboursAre) {
  // C2 B7: a middle dot in UTF-8, 쨌 in CP949.
  const std::string dot = "a \xC2\xB7 b";
  EXPECT_EQ(Bodies(Write(Article(dot) + Article("한글")), Encoding::kAuto)[0], "a · b");
  EXPECT_EQ(Bodies(Write(Article(kCp949) + Article(dot)), Encoding::kAuto)[1], "a 쨌 b");
}

TEST_F(FilesTest, AByteOrderMarkAndBlankLinesAreNoDocuments) {
  const std::string file = "\xEF\xBB\xBF" + Article("가") + "\r\n\n  \n";
  EXPECT_EQ(Bodies(Write(file + file), Encoding::kAuto), (StringList{"가", "가"}));
}

TEST_F(FilesTest, AnArticleNeedsAnId) {
  EXPECT_EQ(Bodies(Write("{\"body\":\"x\"}\n{\"id\":\"\",\"body\":\"x\"}\n"), Encoding::kAuto),
            (StringList(2, "rejected: \"id\" is missing or empty")));
}

TEST_F(FilesTest, WhatIsNotReadHereSaysWhatReadsIt) {
  for (const char* head : {"PK\x03\x04zip", "\xFD" "7zXZ\x00", "BZh91AY", "7z\xBC\xAF\x27\x1C"}) {
    const auto input = OpenInput(Write(head));
    EXPECT_EQ(input.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(input.status().message().find("wonbon import -"), absl::string_view::npos);
  }
  using std::string_literals::operator""s;
  for (const std::string& head : {"\xFF\xFE{\0"s, "{\0\"\0"s, "\0{\0\""s, "  [\n{\"id\":1}"s}) {
    EXPECT_NE(CheckBeginning(head).message().find("wonbon import -"), absl::string_view::npos);
  }
  EXPECT_TRUE(CheckBeginning("\xEF\xBB\xBF\n {\"id\":\"[\"}").ok());
  for (const char* head : {"id,title,body\n1,a,b\n", "\xEF\xBB\xBFid;title\r\n", "id\ttitle\n",
                           "번호,제목\n1,{\n"}) {
    EXPECT_NE(CheckBeginning(head).message().find("csv.DictReader"), absl::string_view::npos);
  }
  // A stray line costs itself, not the file.
  EXPECT_TRUE(CheckBeginning("exported on Monday, 3 articles\n{\"id\":\"1\"}\n").ok());
  EXPECT_TRUE(CheckBeginning("nonsense\n").ok());
}

TEST(AckTrackerTest, OnlyAnUnbrokenBeginningIsSettled) {
  AckTracker acks;
  acks.StartAt({.offset = 5, .line = 1});
  const uint64_t a = acks.Add({.offset = 10, .line = 2});
  const uint64_t b = acks.Add({.offset = 20, .line = 3});
  const uint64_t c = acks.Add({.offset = 30, .line = 4});
  acks.Settle(c);
  acks.Settle(b);
  EXPECT_EQ(acks.Settled(), (LinePosition{.offset = 5, .line = 1}));
  EXPECT_EQ(acks.LineOf(a), 2u);
  acks.Settle(a);
  EXPECT_EQ(acks.Settled(), (LinePosition{.offset = 30, .line = 4}));
}

}  // namespace
}  // namespace wonbon::client
