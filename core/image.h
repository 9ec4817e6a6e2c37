// The bytes of tables in memory, as they lie there, for the file that a server leaves where it
// stops and reads where it starts (store/image_file.h). Whoever reads knows by a checksum that the
// bytes are those that were written; what is checked here is that no read passes their end.
//
// Not thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace wonbon {

class ImageWriter {
 public:
  // `write` gets the bytes piece after piece.
  explicit ImageWriter(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

  void Raw(const void* bytes, size_t size) { write_({static_cast<const char*>(bytes), size}); }
  template <typename T>
  void Value(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    Raw(&value, sizeof(T));
  }
  template <typename T>
  void List(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    Value(uint64_t{values.size()});
    Raw(values.data(), values.size() * sizeof(T));
  }
  // Of pairs of a map, in the order of the keys.
  template <typename Map>
  void SortedMap(const Map& map) {
    using Pair = std::pair<typename Map::key_type, typename Map::mapped_type>;
    std::vector<Pair> pairs(map.begin(), map.end());
    std::sort(pairs.begin(), pairs.end(),
              [](const Pair& a, const Pair& b) { return a.first < b.first; });
    Value(uint64_t{pairs.size()});
    for (const Pair& pair : pairs) {
      Value(pair.first);
      Value(pair.second);
    }
  }

 private:
  const std::function<void(std::string_view)> write_;
};

// After the first read past the end all reads give zeros, and ok() is false.
class ImageReader {
 public:
  // `read` fills what it is given with the next bytes, of `size` in all; false where it cannot.
  ImageReader(uint64_t size, std::function<bool(void* out, size_t size)> read)
      : left_(size), read_(std::move(read)) {}

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && left_ == 0; }
  void Fail() { ok_ = false; }

  void Raw(void* out, size_t size) {
    if (size == 0) return;
    if (!ok_ || size > left_ || !read_(out, size)) {
      ok_ = false;
      std::memset(out, 0, size);
      return;
    }
    left_ -= size;
  }
  template <typename T>
  T Value() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    Raw(&value, sizeof(T));
    return value;
  }
  // How many things of `bytes_each` bytes at least come; 0, and a failure, where so many cannot.
  size_t Count(size_t bytes_each) {
    const auto count = Value<uint64_t>();
    if (count <= left_ / bytes_each) return count;
    ok_ = false;
    return 0;
  }
  template <typename T>
  std::vector<T> List() {
    std::vector<T> values(Count(sizeof(T)));
    Raw(values.data(), values.size() * sizeof(T));
    return values;
  }
  template <typename Map>
  void SortedMap(Map* map) {
    using Key = typename Map::key_type;
    using Mapped = typename Map::mapped_type;
    const size_t count = Count(sizeof(Key) + sizeof(Mapped));
    for (size_t i = 0; i < count && ok_; ++i) {
      const Key key = Value<Key>();
      map->emplace_hint(map->end(), key, Value<Mapped>());
    }
  }

 private:
  uint64_t left_;
  const std::function<bool(void* out, size_t size)> read_;
  bool ok_ = true;
};

}  // namespace wonbon
