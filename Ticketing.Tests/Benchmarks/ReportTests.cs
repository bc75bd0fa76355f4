using Shouldly;
using Ticketing.Benchmarks;
using Xunit;

namespace Ticketing.Tests.Benchmarks;

public sealed class ReportTests
{
    [Theory]
    [InlineData(0.5, 51)]
    [InlineData(0.99, 100)]
    [InlineData(0, 1)]
    [InlineData(1, 100)]
    public void A_percentile_of_1_to_100(double part, double expected) =>
        Report.Percentile(Enumerable.Range(1, 100).Select(number => (double)number).Reverse(), part).ShouldBe(expected);

    [Fact]
    public void Nothing_has_no_percentile() => Report.Percentile([], 0.99).ShouldBe(double.NaN);

    [Theory]
    [InlineData(2, 3.0, 1.0, 2.0)]
    [InlineData(2.5, 4.0, 1.0, 3.0, 2.0)]
    public void A_median_is_in_the_middle(double expected, params double[] values) => Report.Median(values).ShouldBe(expected);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(1.25, "1.3")]
    [InlineData(10.25, "10")]
    [InlineData(12345.6, "12,346")]
    [InlineData(double.NaN, "NaN")]
    public void A_number_has_a_decimal_only_where_it_tells_something(double value, string expected) => Report.Number(value).ShouldBe(expected);

    [Fact]
    public void A_table_takes_the_place_of_the_one_before_and_nothing_else_changes()
    {
        var report = new Report("one", "what", "ms");
        report.Add("reserve", "1.5");
        report.Note("On a quiet machine.");
        Report.Fill("# Page\n<!-- one -->\nold\n<!-- /one -->\n<!-- two -->\n<!-- /two -->\n", "one", report.Table()).ShouldBe(
            """
            # Page
            <!-- one -->

            | what | ms |
            | --- | ---: |
            | reserve | 1.5 |

            On a quiet machine.

            <!-- /one -->
            <!-- two -->
            <!-- /two -->

            """);
    }

    [Fact]
    public void A_row_has_a_cell_for_each_column() =>
        Should.Throw<ArgumentException>(() => new Report("one", "what", "ms").Add("reserve"));

    [Fact]
    public void A_place_has_a_beginning_and_an_end()
    {
        Should.Throw<InvalidOperationException>(() => Report.Fill("<!-- one -->", "one", ""));
        Should.Throw<InvalidOperationException>(() => Report.Fill("<!-- /one -->", "one", ""));
    }
}
