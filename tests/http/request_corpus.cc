// SPDX-License-Identifier: MIT
#include "tests/http/request_corpus.h"

namespace sqlicorn {
namespace {

using namespace std::string_literals;
using Rows = std::vector<CorpusRow>;

const std::string kLine = "GET / HTTP/1.1\r\n";
const std::string kHost = "Host: a\r\n";
const std::string kChunked = "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n";

std::string Get(const std::string& fields) {
  return kLine + kHost + fields + "\r\n";
}

std::string First(const std::string& line) {
  return line + "\r\n" + kHost + "\r\n";
}

std::string Post(const std::string& fields, const std::string& body) {
  return "POST / HTTP/1.1\r\n" + kHost + fields + "\r\n" + body;
}

std::string Fields(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i) {
    fields += "X: y\r\n";
  }
  return fields;
}

std::string FieldOfSize(std::size_t size) {
  return "X: " + std::string(size - 5, 'y') + "\r\n";
}

std::string LineOfSize(std::size_t size) {
  const std::string version = " HTTP/1.1";
  return "GET /" + std::string(size - 5 - version.size(), 'a') + version;
}

Rows RequestLines() {
  const std::string line = "Invalid HTTP request line: '";
  const std::string method = "Invalid HTTP method: '";
  const std::string version = "Invalid HTTP Version: '";
  const std::string unsupported = "Unsupported HTTP method: '";
  return {
      {"Plain", First("GET / HTTP/1.1")},
      {"OneWord", First("GET"), 400, line},
      {"TwoWords", First("GET /"), 400, line},
      {"FourWords", First("GET / x HTTP/1.1"), 400, version},
      {"DoubleSpace", First("GET  / HTTP/1.1"), 400, line},
      {"Tab", First("GET\t/ HTTP/1.1"), 400, line},
      {"TrailingSpace", First("GET / HTTP/1.1 "), 400, version},
      {"LeadingEmptyLine", "\r\n" + First("GET / HTTP/1.1")},
      {"TwoLeadingEmptyLines", "\r\n\r\n" + First("GET / HTTP/1.1"), 400, line},
      {"LeadingCr", "\r" + First("GET / HTTP/1.1"), 400, line},
      {"LeadingLineFeed", "\n" + First("GET / HTTP/1.1"), 400, line},
      {"OnlyAnEmptyLineAndTls", "\r\n\x16\x03\x01"s, 400, line + "\\x16"},
      {"Tls", "\x16\x03\x01\x02\x00\x01"s, 400, line + "\\x16"},
      {"LowerCaseMethod", First("get / HTTP/1.1"), 501, unsupported + "get'"},
      {"HashInMethod", First("G#T / HTTP/1.1"), 501, unsupported + "G#T'"},
      {"ShortMethod", First("GE / HTTP/1.1"), 501, unsupported + "GE'"},
      {"LongMethod", First(std::string(21, 'A') + " / HTTP/1.1"), 501, unsupported},
      {"MethodWithATail", First("GETX / HTTP/1.1"), 501, unsupported + "GETX'"},
      {"NumberAsMethod", First("1 / HTTP/1.1"), 501, unsupported + "1'"},
      {"NonTokenMethod", First("G(T / HTTP/1.1"), 400, method},
      {"UnknownMethod", First("FOOBAR / HTTP/1.1"), 501, unsupported + "FOOBAR'"},
      {"RtspMethod", First("TEARDOWN / HTTP/1.1"), 501, unsupported},
      {"ConnectMethod", First("CONNECT a:80 HTTP/1.1"), 501, "CONNECT"},
      {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, version},
      {"Version09", First("GET / HTTP/0.9"), 505, version},
      {"Version12", First("GET / HTTP/1.2"), 505, version},
      {"Version20", First("GET / HTTP/2.0"), 505, version},
      {"Version99", First("GET / HTTP/9.9"), 505, version + "HTTP/9.9'"},
      {"VersionOneDigit", First("GET / HTTP/2"), 400, version},
      {"VersionNoDigit", First("GET / HTTP/1.x"), 400, version},
      {"Version110", First("GET / HTTP/1.10"), 400, version},
      {"LowerCaseVersion", First("GET / http/1.1"), 400, version},
      {"Rtsp", First("OPTIONS / RTSP/1.0"), 400, version},
      {"Ice", First("SOURCE / ICE/1.0"), 400, version},
      {"AsteriskOptions", First("OPTIONS * HTTP/1.1")},
      {"AsteriskGet", First("GET * HTTP/1.1"), 400, line},
      {"AuthorityForm", First("GET a:80 HTTP/1.1"), 400, line},
      {"RelativeTarget", First("GET a HTTP/1.1"), 400, line},
      {"AbsoluteForm", First("GET http://h/p HTTP/1.1")},
      {"AbsoluteFormUserInfo", First("GET http://u@h/p HTTP/1.1"), 400, line},
      {"AbsoluteFormNoHost", First("GET http:///p HTTP/1.1"), 400, line},
      {"AbsoluteFormFtp", First("GET ftp://h/p HTTP/1.1"), 400, line},
      {"DoubleSlash", First("GET //a/b HTTP/1.1")},
      {"Fragment", First("GET /#a HTTP/1.1"), 400, line},
      {"NulInTarget", First("GET /\0 HTTP/1.1"s), 400, line + "GET /\\x00 HTTP"},
      {"EightBitTarget", First("GET /\xc3\xa9 HTTP/1.1"), 400, line},
      {"LineFeedOnly", "GET / HTTP/1.1\nHost: a\n\n", 400, line},
      {"CrInLine", First("GET /\r HTTP/1.1"), 400, line},
      {"Line8190", First(LineOfSize(8190))},
      {"Line8191", First(LineOfSize(8191)), 414, "Request Line is too large (> 8190)"},
      {"LineWithoutEnd", std::string(9000, 'A'), 414, "Request Line is too large"},
  };
}

Rows HeaderLines() {
  const std::string header = "Invalid HTTP Header: '";
  const std::string name = "Invalid HTTP header name: '";
  const std::string fold = "Obsolete line folding";
  return {
      {"NoHost", kLine + "\r\n", 400, header + "HOST'"},
      {"NoHostOn10", "GET / HTTP/1.0\r\n\r\n"},
      {"TwoHosts", Get(kHost), 400, header + "HOST'"},
      {"EmptyHost", kLine + "Host:\r\n\r\n"},
      {"HostWithPort", kLine + "Host: [::1]:80\r\n\r\n"},
      {"HostWithUser", kLine + "Host: u@a\r\n\r\n", 400, header + "HOST'"},
      {"HostWithPath", kLine + "Host: a/b\r\n\r\n", 400, header + "HOST'"},
      {"HostWithSpace", kLine + "Host: a b\r\n\r\n", 400, header + "HOST'"},
      {"HostWithBadPort", kLine + "Host: a:b\r\n\r\n", 400, header + "HOST'"},
      {"HostEightBit", kLine + "Host: \xff\r\n\r\n", 400, header + "HOST'"},
      {"TwoContentTypes", Get("Content-Type: a\r\ncontent-type: a\r\n"), 400, "CONTENT-TYPE"},
      {"NoColon", Get("abc\r\n"), 400, header + "abc'"},
      {"EmptyName", Get(": b\r\n"), 400, header + ": b'"},
      {"SpaceBeforeColon", Get("A : b\r\n"), 400, name + "A '"},
      {"TabBeforeColon", Get("A\t: b\r\n"), 400, name},
      {"NonTokenName", Get("A(: b\r\n"), 400, name + "A('"},
      {"Fold", Get("A: b\r\n c\r\n"), 400, fold},
      {"FoldWithTab", Get("A: b\r\n\tc\r\n"), 400, fold},
      {"FoldedFirst", kLine + " A: b\r\n" + kHost + "\r\n", 400, fold},
      {"BlankLine", Get(" \r\n"), 400, fold},
      {"NulInValue", Get("A: b\0c\r\n"s), 400, header + "A'"},
      {"ControlInValue", Get("Abc: b\x01\r\n"), 400, header + "ABC'"},
      {"DelInValue", Get("A: b\x7f\r\n"), 400, header + "A'"},
      {"BareCrInValue", Get("A: b\rc\r\n"), 400, header},
      {"BareLfInValue", Get("A: b\nc\r\n"), 400, header},
      {"CrCrLf", Get("A: b\r\r\n"), 400, header},
      {"CrCrX", kLine + kHost + "\r\rX\r\n", 400, header},
      {"TabInValue", Get("A: b\tc\r\n")},
      {"EightBitValue", Get("A: \xc3\xa9\r\n")},
      {"EmptyValue", Get("A:\r\nB: \r\n")},
      {"Fields100", kLine + kHost + Fields(99) + "\r\n"},
      {"Fields101", kLine + kHost + Fields(100) + "\r\n", 431, "limit request headers fields"},
      {"UnderscoresCount", kLine + kHost + "a_b: c\r\n" + Fields(99) + "\r\n", 431, "fields"},
      {"Field8190", Get(FieldOfSize(8190))},
      {"Field8191", Get(FieldOfSize(8191)), 431, "limit request headers fields size"},
      {"FieldWithoutEnd", kLine + std::string(9000, 'A'), 431, "fields size"},
      {"Upgrade", Get("Connection: upgrade\r\nUpgrade: websocket\r\n")},
      {"Expect", Post("Expect: 100-Continue\r\nContent-Length: 1\r\n", "a")},
      {"ExpectOn10", "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na"},
      {"ExpectOther", Get("Expect: foo\r\n"), 417, "Unable to comply with expectation: 'foo'"},
  };
}

Rows Lengths() {
  const std::string length = "Invalid HTTP Header: 'CONTENT-LENGTH'";
  const std::string coding = "Invalid HTTP Header: 'TRANSFER-ENCODING'";
  const std::string unsupported = "Unsupported transfer coding: '";
  const std::string te = "Transfer-Encoding: ";
  const std::string end = "0\r\n\r\n";
  return {
      {"NoLength", Post("", "")},
      {"LengthZero", Post("Content-Length: 0\r\n", "")},
      {"LengthFive", Post("Content-Length: 5\r\n", "abcde")},
      {"LengthThenTab", Post("Content-Length: 5\t\r\n", "abcde")},
      {"LengthBetweenBlanks", Post("Content-Length:\t 5 \t \r\n", "abcde")},
      {"LengthOnlyTab", Post("Content-Length:\t\r\n", ""), 400, length},
      {"LengthTabInside", Post("Content-Length: 1\t1\r\n", "a"), 400, length},
      {"LengthTwice", Post("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), 400, length},
      {"LengthList", Post("Content-Length: 1, 1\r\n", "a"), 400, length},
      {"LengthPlus", Post("Content-Length: +1\r\n", "a"), 400, length},
      {"LengthMinus", Post("Content-Length: -1\r\n", "a"), 400, length},
      {"LengthHex", Post("Content-Length: 0x1\r\n", "a"), 400, length},
      {"LengthEmpty", Post("Content-Length:\r\n", ""), 400, length},
      {"LengthSpace", Post("Content-Length: 1 1\r\n", "a"), 400, length},
      {"LengthNonAscii", Post("Content-Length: \xb2\r\n", "a"), 400, length},
      {"LengthOverflow", Post("Content-Length: 99999999999999999999\r\n", ""), 400, length},
      {"LengthAtLimit", Post("Content-Length: 1048576\r\n", std::string(1048576, 'a'))},
      {"LengthOverLimit", Post("Content-Length: 1048577\r\n", ""), 413, "too large (> 1048576)"},
      {"LengthThenChunked", Post("Content-Length: 5\r\n" + te + "chunked\r\n", end), 400, length},
      {"ChunkedThenLength", Post(te + "chunked\r\nContent-Length: 5\r\n", end), 400, length},
      {"ChunkedOn10", "POST / HTTP/1.0\r\n" + te + "chunked\r\n\r\n" + end, 400, coding},
      {"ChunkedTwice", Post(te + "chunked, chunked\r\n", end), 400, coding},
      {"ChunkedTwoFields", Post(te + "chunked\r\n" + te + "chunked\r\n", end), 400, coding},
      {"ChunkedNotLast", Post(te + "chunked, gzip\r\n", end), 400, coding},
      {"GzipChunked", Post(te + "gzip, chunked\r\n", end), 501, unsupported + "gzip'"},
      {"Gzip", Post(te + "gzip\r\n", ""), 501, unsupported + "gzip'"},
      {"Identity", Post(te + "identity\r\n", ""), 501, unsupported},
      {"IdentityAndLength", Post(te + "identity\r\nContent-Length: 1\r\n", "a"), 400, length},
      {"UnknownCoding", Post(te + "foo\r\n", ""), 501, unsupported + "foo'"},
      {"EmptyCoding", Post(te + "\r\n", ""), 501, unsupported},
      {"XChunked", Post(te + "xchunked\r\n", end), 501, unsupported + "xchunked'"},
      {"ChunkedAnyCase", Post(te + "CHUNKED\r\n", end)},
      {"ChunkedThenTab", Post(te + "chunked\t\r\n", end)},
      {"ChunkedBetweenBlanks", Post(te + "\t chunked \t\r\n", end)},
      {"GzipTabChunked", Post(te + "gzip\t,\tchunked\r\n", end), 501, unsupported + "gzip'"},
  };
}

Rows Chunks() {
  const std::string size = "Invalid chunk size: '";
  const std::string name = "Invalid HTTP header name: '";
  const std::string max_size = "100000\r\n" + std::string(1048576, 'a') + "\r\n";
  Rows rows = {
      {"Chunks", kChunked + "5\r\nabcde\r\nA\r\n0123456789\r\n0\r\n\r\n"},
      {"ChunkSizeWord", kChunked + "x\r\n", 400, size},
      {"ChunkSizeEmpty", kChunked + "\r\n", 400, size},
      {"ChunkSize0x", kChunked + "0x3\r\nabc\r\n", 400, size},
      {"ChunkSizeMinus", kChunked + "-1\r\n", 400, size},
      {"ChunkSizeSpaceFirst", kChunked + " 3\r\nabc\r\n", 400, size},
      {"ChunkSizeSpaceLast", kChunked + "3 \r\nabc\r\n", 400, size},
      {"ChunkSizeOverflow", kChunked + "fffffffffffffffff\r\n", 400, size},
      {"ChunkSizeLineFeed", kChunked + "3\nabc\r\n", 400, "Invalid chunk line"},
      {"ChunkWithoutCrLf", kChunked + "3\r\nabcd\r\n", 400, "Invalid chunk"},
      {"ChunkLongerThanSize", kChunked + "3\r\nabc0\r\n\r\n", 400, "Invalid chunk"},
      {"ChunkLineFeedAfter", kChunked + "3\r\nabc\n0\r\n\r\n", 400, "Invalid chunk"},
      {"ChunksAtLimit", kChunked + max_size + "0\r\n\r\n"},
      {"ChunksOverLimit", kChunked + max_size + "1\r\na\r\n0\r\n\r\n", 413, "too large"},
      {"Extension", kChunked + "3;a=b\r\nabc\r\n0;c\r\n\r\n"},
      {"ExtensionQuoted", kChunked + "3;a=\"b;c\"\r\nabc\r\n0\r\n\r\n"},
      {"ExtensionAfterBlank", kChunked + "3 ;a=b\r\nabc\r\n0\r\n\r\n"},
      {"ExtensionsWithBlanks", kChunked + "3\t;\ta = b ; c\r\nabc\r\n0\r\n\r\n"},
      {"ExtensionQuotedPair", kChunked + "3;a=\"\\\"\\\\;\tb\"\r\nabc\r\n0\r\n\r\n"},
      {"ExtensionQuotedEmpty", kChunked + "3;a=\"\"\r\nabc\r\n0\r\n\r\n"},
      {"ExtensionQuotedEightBit", kChunked + "3;a=\"\x80\xff\"\r\nabc\r\n0\r\n\r\n"},
      {"ExtensionNoName", kChunked + "3;\r\nabc\r\n", 400, size},
      {"ExtensionTwoSemicolons", kChunked + "3;;a\r\nabc\r\n", 400, size},
      {"ExtensionEndsInSemicolon", kChunked + "3;a;\r\nabc\r\n", 400, size},
      {"ExtensionOnlyBlank", kChunked + "3; \r\nabc\r\n", 400, size},
      {"ExtensionBlankLast", kChunked + "3;a \r\nabc\r\n", 400, size},
      {"ExtensionNoValue", kChunked + "3;a=\r\nabc\r\n", 400, size},
      {"ExtensionNoNameButValue", kChunked + "3;=b\r\nabc\r\n", 400, size},
      {"ExtensionTwoEquals", kChunked + "3;a=b=c\r\nabc\r\n", 400, size},
      {"ExtensionQuotedName", kChunked + "3;\"a\"=b\r\nabc\r\n", 400, size},
      {"ExtensionOpenQuote", kChunked + "3;a=\"open\r\nabc\r\n", 400, size},
      {"ExtensionOpenPair", kChunked + "3;a=\"open\\\"\r\nabc\r\n", 400, size},
      {"ExtensionAfterQuote", kChunked + "3;a=\"b\"c\r\nabc\r\n", 400, size},
      {"ExtensionTwoWords", kChunked + "3;a b\r\nabc\r\n", 400, size},
      {"ExtensionComma", kChunked + "3;a,b\r\nabc\r\n", 400, size},
      {"ExtensionEightBit", kChunked + "3;\x80\r\nabc\r\n", 400, size},
      {"ExtensionEightBitValue", kChunked + "3;a=\xc3\xa9\r\nabc\r\n", 400, size},
      {"ExtensionDelQuoted", kChunked + "3;a=\"\x7f\"\r\nabc\r\n", 400, size},
      {"ExtensionOfLastChunk", kChunked + "3\r\nabc\r\n0;;\r\n\r\n", 400, size},
      {"ExtensionCr", kChunked + "3;a\rb\r\nabc\r\n0\r\n\r\n", 400, "Invalid chunk line"},
      {"ExtensionNul", kChunked + "3;a\0b\r\nabc\r\n0\r\n\r\n"s, 400, size},
      {"ExtensionHuge", kChunked + "3;" + std::string(20000, 'a') + "\r\n", 400, "chunk"},
      {"Trailer", kChunked + "0\r\nX-Sum: 1\r\n\r\n"},
      {"TrailerFold", kChunked + "0\r\nA: b\r\n c\r\n\r\n", 400, "Obsolete line folding"},
      {"TrailerControl", kChunked + "0\r\nA: \x01\r\n\r\n", 400, "Invalid HTTP Header: 'A'"},
      {"TrailerName", kChunked + "0\r\nA(: b\r\n\r\n", 400, name + "A('"},
      {"TrailerCount100", kChunked + "0\r\n" + Fields(98) + "\r\n"},
      {"TrailerCount101", kChunked + "0\r\n" + Fields(99) + "\r\n", 431, "fields"},
      {"Trailer8190", kChunked + "0\r\n" + FieldOfSize(8190) + "\r\n"},
      {"Trailer8191", kChunked + "0\r\n" + FieldOfSize(8191) + "\r\n", 431, "fields size (> 8190)"},
  };
  std::string extensions = kChunked;
  for (int i = 0; i < 100; ++i) {
    extensions += "1;" + std::string(200, 'a') + "\r\nx\r\n";
  }
  rows.push_back({"ExtensionsTotal", extensions, 400, "Chunk extensions are too large"});
  for (const char* forbidden :
       {"Host", "Content-Length", "Transfer-Encoding", "Trailer", "Authorization", "TE"}) {
    std::string row = "Trailer" + std::string(forbidden);
    std::erase(row, '-');
    rows.push_back({row, kChunked + "0\r\n" + forbidden + ": 1\r\n\r\n", 400, name + forbidden});
  }
  return rows;
}

Rows Sequences() {
  return {
      {"Pipelined", Get("") + Post("Content-Length: 3\r\n", "abc") + Get("A: b\r\n")},
      {"PipelinedChunked", kChunked + "3\r\nabc\r\n0\r\n\r\n" + Get("")},
      {"PipelinedGarbage", Get("") + "garbage\r\n", 400, "Invalid HTTP request line: 'garbage'"},
      {"PipelinedBehindAnEmptyLine",
       Post("Content-Length: 3\r\n", "abc") + "\r\n" + Get("") + "\r\n" + Get("")},
      {"PipelinedBehindTwo", Post("Content-Length: 3\r\n", "abc") + "\r\n\r\n" + Get(""), 400,
       "request line: '\\x0d"},
      {"PipelinedSmuggle", Post("Content-Length: 3\r\n", "abcX"), 200, ""},
  };
}

}  // namespace

std::vector<CorpusRow> RequestCorpus() {
  Rows rows = RequestLines();
  for (const Rows& more : {HeaderLines(), Lengths(), Chunks(), Sequences()}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

}  // namespace sqlicorn
