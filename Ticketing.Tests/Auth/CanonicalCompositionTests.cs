using System.Text;
using Dapper;
using Shouldly;
using Ticketing.Auth.Normalization;
using Xunit;

namespace Ticketing.Tests.Auth;

/// <summary>Unicode's form C, compared with PostgreSQL's <c>normalize</c>, of which version 15 has the same Unicode 14.</summary>
public sealed class CanonicalCompositionTests(AuthFixture fixture) : AuthTests(fixture)
{
    private const int Seed = 20261129;

    [Theory]
    [InlineData("ju\u0308rgen", "j\u00fcrgen")]
    [InlineData("a\u0307\u0323", "\u1ea1\u0307")] // the dot below comes first, whatever was typed first
    [InlineData("\u212b", "\u00c5")] // Angstrom
    [InlineData("\u1100\u1161\u11a8", "\uac01")] // Hangul
    [InlineData("\u304b\u3099", "\u304c")] // kana
    [InlineData("\u0915\u093c", "\u0915\u093c")] // only taken apart
    [InlineData("plain", "plain")]
    public void What_looks_the_same_is_the_same(string typed, string composed)
    {
        CanonicalComposition.Compose(typed).ShouldBe(composed);
        CanonicalComposition.Compose(composed).ShouldBe(composed);
    }

    [Fact]
    public async Task Every_character_and_random_sequences_are_as_PostgreSQL_has_them()
    {
        var random = new Random(Seed);
        int[] all = [.. Enumerable.Range(1, 0x10ffff).Where(Rune.IsValid)];
        // Those that decompose or combine, so that sequences meet each other.
        int[] lively = [.. all.Where(codePoint => CanonicalComposition.Compose($"a{new Rune(codePoint)}\u0323").Length != 2 + new Rune(codePoint).Utf16SequenceLength)];
        string[] texts =
        [
            .. all.Select(codePoint => new Rune(codePoint).ToString()),
            .. Enumerable.Range(0, 50_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 6)).Select(_ => new Rune(random.GetItems(lively, 1)[0])))),
        ];

        await using var connection = await Platform.OpenAsync("auth");
        Assert.SkipUnless(connection.PostgreSqlVersion.Major == 15, "other versions have the data of another Unicode");
        var wrong = new List<string>();
        foreach (var chunk in texts.Chunk(50_000))
        {
            var expected = (await connection.QueryAsync<string>(
                "SELECT normalize(text, NFC) FROM unnest(@chunk) WITH ORDINALITY AS given (text, n) ORDER BY n", new { chunk })).AsList();
            wrong.AddRange(chunk.Zip(expected).Where(pair => CanonicalComposition.Compose(pair.First) != pair.Second)
                .Select(pair => string.Join(' ', pair.First.EnumerateRunes().Select(rune => rune.Value.ToString("X4")))));
        }

        wrong.Take(20).ShouldBeEmpty($"seed {Seed}");
    }
}
