// Shapes that tokens have. Each function takes a place in a text that ends with zeros, and returns
// how many code points from there have the shape, the most possible; 0 for none.
// Threads  free functions, safe
#pragma once

#include <string_view>

namespace kale::ptb {

using Place = const char32_t*;

bool begins_with(Place s, std::string_view lower);  // in any case; `lower` is ASCII

int digits(Place s);                   // "1990"
int apostrophe(Place s);               // ' or its typographic twin or entity
int quote_mark(Place s);               // an apostrophe, or a mark that opens a quotation
int word_letter(Place s);              // a letter or an entity that stands for one
int word(Place s);                     // "word", "a.b", "what!ever"
int plain_number(Place s);             // "1,000.5", ".5", "12:30"
int number(Place s);                   // with a sign
int date(Place s);                     // "12/25/2010", "1-1-01"
int fraction(Place s);                 // "1/2", "1 1/2"
int raised_number(Place s);            // superscripts or subscripts
int phone(Place s);                    // "(555) 555-1234"
int hyphened(Place s);                 // "state-of-the-art", "1,000-foot", "U.S.-based"
int joined(Place s);                   // "snake_case", "d'Avignon", "24-7"
int slashed(Place s);                  // "and/or", "TCP/IP"
int initials_joined(Place s);          // "AT&T", "R&B"
int initials(Place s);                 // "U.S", "a": letters with points between
int letters_with_apostrophe(Place s);  // "O'Malley", "'em", "ma'am"
int web_address(Place s);              // "http://x.com/y", with its scheme
int likely_web_address(Place s);       // "www.x.com", "x.com/page"
int mail_address(Place s);
int file_name(Place s);  // "1.jpg", where a space or the sentence ends it
int tag(Place s);        // "<b>", "<a href='x'>"
int smiley(Place s);     // ":-)", where neither letter nor digit follows
int face(Place s);       // "^_^", "(-.-)"

}  // namespace kale::ptb
