using Shouldly;
using Ticketing.ServiceDefaults;
using Xunit;

namespace Ticketing.Tests.Authentication;

public sealed class StrictBase64UrlTests
{
    // RFC 7515, appendix C.
    [Fact]
    public void Reads_and_writes_the_example_of_RFC_7515()
    {
        byte[] bytes = [3, 236, 255, 224, 193];

        StrictBase64Url.Encode(bytes).ShouldBe("A-z_4ME");
        StrictBase64Url.TryDecode("A-z_4ME", out var read).ShouldBeTrue();
        read.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("A-z_4")]
    [InlineData("A-z_4ME=")]
    [InlineData("A-z_4M==")]
    [InlineData("A+z/4ME")]
    [InlineData("A-z_4ME ")]
    [InlineData(" A-z_4ME")]
    [InlineData("A-z_\n4ME")]
    [InlineData("A-z_4MF")]
    [InlineData("A-z_4ME.")]
    [InlineData("Ä-z_4ME")]
    [InlineData("A-z_4ME\0")]
    public void Refuses_every_other_spelling(string text) =>
        StrictBase64Url.TryDecode(text, out _).ShouldBeFalse();

    [Fact]
    public void Reads_what_it_wrote_at_every_length()
    {
        for (var length = 1; length <= 70; length++)
        {
            var bytes = new byte[length];
            Random.Shared.NextBytes(bytes);
            StrictBase64Url.TryDecode(StrictBase64Url.Encode(bytes), out var read).ShouldBeTrue();
            read.ShouldBe(bytes);
        }
    }
}
