using Microsoft.Playwright;
using Shouldly;
using Ticketing.LocalHosting.Engine;
using Ticketing.Tests.Infrastructure;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.Tests.LocalHosting.Dashboard;

/// <summary>Every page as a developer uses it, in a browser.</summary>
public sealed class PagesTests
{
    private const float Patience = 30_000;

    [Fact]
    public async Task Every_page_shows_what_there_is_to_everybody_and_complains_about_nothing()
    {
        await using var dashboard = await TestDashboard.StartAsync(run: true, SampleTelemetry.Store());
        using var playwright = await Playwright.CreateAsync();
        SetDefaultExpectTimeout(Patience);
        await using var browser = await Chromium.LaunchAsync(playwright);
        await using var context = await browser.NewContextAsync(new() { BaseURL = dashboard.Address.ToString(), ViewportSize = new() { Width = 1280, Height = 800 }, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(Patience);
        List<string> problems = [];
        context.Console += (_, message) => { if (message.Type is "error" or "warning") problems.Add(message.Text); };
        context.WebError += (_, error) => problems.Add(error.Error);
        var page = await context.NewPageAsync();

        await page.GotoAsync("/traces");
        await LookAsync("sign in");
        await page.GetByLabel("Token").FillAsync(TestDashboard.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        // It leads where one wanted to go.
        await page.GetByRole(AriaRole.Link, new() { Name = "web: POST /api/orders" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("web: POST /api/orders");
        await page.GetByRole(AriaRole.Button, new() { Name = "POST /v1/payment_intents" }).ClickAsync();
        var details = page.GetByRole(AriaRole.Region, new() { Name = "POST /v1/payment_intents" });
        await Expect(details).ToContainTextAsync("ticketing.order.id");
        await details.Locator("summary").ClickAsync();
        await LookAsync("trace");
        await page.Keyboard.PressAsync("Escape");
        await Expect(details).ToBeHiddenAsync();

        await GoAsync("Traces");
        await page.GetByLabel("Search names, properties and ids").FillAsync("o-2");
        await Expect(page.GetByText("Nothing yet that these filters let through.")).ToBeVisibleAsync();
        await page.GetByLabel("Search names, properties and ids").FillAsync("o-1");
        await Expect(page.GetByText("1 error", new() { Exact = true })).ToBeVisibleAsync();
        await LookAsync("traces");

        await GoAsync("Structured logs");
        await page.GetByLabel("Level").SelectOptionAsync("Errors");
        await Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "The card was declined" }).ClickAsync();
        await LookAsync("structured logs");

        await GoAsync("Metrics");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "http.server.request.duration" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "p99" })).ToBeVisibleAsync();
        await Expect(page.Locator(".exemplars a").First).ToHaveAttributeAsync("href", $"/traces/{SampleTelemetry.TraceId}?span=0000000000000001");
        await LookAsync("metrics");

        await GoAsync("Console");
        await page.GetByLabel("Resource").SelectOptionAsync("stripe");
        await Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("Now listening");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        dashboard.Log.Write("stripe", "warn: it goes on");
        await Expect(page.GetByText("1 more waiting")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.GetByLabel("Search").FillAsync("it goes ON");
        await Expect(page.Locator(".line")).ToHaveTextAsync([new System.Text.RegularExpressions.Regex("warn: it goes on")]);
        await LookAsync("console");

        await GoAsync("Resources");
        await page.GetByRole(AriaRole.Button, new() { Name = "stripe", Exact = true }).ClickAsync();
        await Expect(page.GetByText("127.0.0.1:1,password=••••••")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop stripe" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "stripe" }).GetByText("Stopped")).ToBeVisibleAsync();
        dashboard.Find("stripe")!.State.ShouldBe(ResourceState.Stopped);
        await LookAsync("resources");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start stripe" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "stripe" }).GetByText("Running", new() { Exact = true })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Graph" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "stripe Running" }).PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "stripe" })).ToBeVisibleAsync();
        await LookAsync("graph");

        await page.GetByRole(AriaRole.Button, new() { Name = "Send telemetry here" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync($"OTEL_EXPORTER_OTLP_ENDPOINT={dashboard.Otlp.Http}");
        await LookAsync("senders");
        await page.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();
        problems.ShouldBeEmpty();

        Task GoAsync(string name) => page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();

        async Task LookAsync(string view)
        {
            problems.AddRange(await Axe.ViolationsAsync(page, Axe.Everything, $"{view}, light"));
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            problems.AddRange(await Axe.ViolationsAsync(page, Axe.ContrastOnly, $"{view}, dark"));
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            await page.SetViewportSizeAsync(320, 640);
            var excess = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth");
            if (excess > 0)
                problems.Add($"{view}: {excess} pixels too wide for a screen of 320");
            await page.SetViewportSizeAsync(1280, 800);
        }
    }
}
