// The words that the generator writes with: everyday Korean news vocabulary, no names of real
// people.
#pragma once

#include <span>
#include <string_view>

namespace wonbon::corpus {

using Words = std::span<const std::string_view>;

Words Surnames();
Words GivenNames();  // two syllables
Words Places();      // cities and districts
Words Spots();       // where in a place: squares, halls, harbours
Words Offices();     // titles of people
Words Publishers();  // invented
Words OrgHeads();    // first part of an organisation's name
Words OrgTails();    // second part
Words Things();      // what news is about; takes 을/를
Words Aspects();     // abstract nouns that go behind a thing: "요금 체계"
Words Modifiers();   // attributive forms: "새로운"
Words Manners();     // adverbs
Words Actions();     // verbal nouns that take 하다
Words Times();       // "지난달 말"
Words Openers();     // sentence openers: "이에 따라"
Words Events();      // gatherings
Words Units();       // counters for numbers
Words Sayings();     // "말했다"
Words Endings();     // what follows a verbal noun at the end of a sentence
Words Reasons();     // clause ends that give a reason; follow a verbal noun

}  // namespace wonbon::corpus
