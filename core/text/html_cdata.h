// CDATA sections, which feeds wrap their HTML in: "<![CDATA[...]]>". HTML has no such thing, so
// that parsers make a comment of it ("<!--[CDATA[...]]-->"), and feeds that are escaped once more
// spell it "&lt;![CDATA[...]]&gt;". Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace wonbon {

// Length of what opens or closes a section at the start of `html`; 0 where nothing does.
size_t CdataOpeningBytes(std::string_view html);
size_t CdataClosingBytes(std::string_view html);

}  // namespace wonbon
