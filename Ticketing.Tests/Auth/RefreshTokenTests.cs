using System.Security.Cryptography;
using Shouldly;
using Ticketing.Auth.Sessions;
using Xunit;

namespace Ticketing.Tests.Auth;

public sealed class RefreshTokenTests
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void Is_read_as_it_was_written()
    {
        var token = RefreshToken.CreateRandom();
        token.Text.Length.ShouldBe(43);
        RefreshToken.TryParse(token.Text, out var read).ShouldBeTrue();
        read.Hash.ShouldBe(token.Hash);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")] // bits that stand for nothing
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Refuses_other_texts(string? text) => RefreshToken.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Has_one_successor_that_only_the_servers_can_compute()
    {
        var token = RefreshToken.CreateRandom();
        var successor = token.Successor(Secret);

        token.Successor(Secret).Text.ShouldBe(successor.Text);
        successor.Text.ShouldNotBe(token.Text);
        successor.Successor(Secret).Text.ShouldNotBe(token.Text);
        RefreshToken.CreateRandom().Successor(Secret).Text.ShouldNotBe(successor.Text);
        token.Successor(RandomNumberGenerator.GetBytes(32)).Text.ShouldNotBe(successor.Text);
    }

    // RFC 4231 has no case with a 256-bit message; the token is the message, so HMAC itself is compared.
    [Fact]
    public void The_successor_is_the_tokens_HMAC()
    {
        RefreshToken.TryParse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", out var zeros).ShouldBeTrue();
        RefreshToken.TryParse(zeros.Successor(Secret).Text, out var successor).ShouldBeTrue();
        successor.Hash.ShouldBe(SHA256.HashData(HMACSHA256.HashData(Secret, new byte[32])));
    }
}
