using Shouldly;
using Ticketing.Tickets.Admissions;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class AdmissionCodeTests
{
    [Fact]
    public void What_is_displayed_is_read_however_it_is_typed()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var code = AdmissionCode.Create();
            var display = AdmissionCode.Display(code);
            display.ShouldMatch("^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$");
            foreach (var typed in new[] { code, display, display.ToLowerInvariant(), display.Replace('-', ' '), display.Replace('0', 'o').Replace('1', 'l') })
            {
                AdmissionCode.TryParse(typed, out var read).ShouldBeTrue(typed);
                read.ShouldBe(code);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("---")]
    [InlineData("7K3M-X9QH-2RT")]
    [InlineData("7K3M-X9QH-2RTVV")]
    [InlineData("7K3M-X9QH-2RTU")] // Crockford leaves U out
    [InlineData("7K3M-X9QH-2RT٣")]
    [InlineData("7K3M-X9QH-2RT\0")]
    [InlineData("7K3M-X9QH-2RTı")]
    public void What_is_no_code_is_not_read(string typed) => AdmissionCode.TryParse(typed, out _).ShouldBeFalse();
}
