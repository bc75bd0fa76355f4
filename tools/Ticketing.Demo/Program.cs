using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ticketing.Demo;

// Each option is a setting, by which the AppHost says the same in the environment.
var settings = new Dictionary<Option, string>
{
    [new Option<string>("--site") { Description = "The site's address" }] = "services:web:http:0",
    [new Option<int>("--listings") { Description = "Events that there are to be (500)" }] = $"{DemoOptions.Section}:{nameof(DemoOptions.Listings)}",
    [new Option<int>("--buyers") { Description = "People who buy (20)" }] = $"{DemoOptions.Section}:{nameof(DemoOptions.Buyers)}",
    [new Option<double>("--seconds-between-purchases") { Description = "On average, of all buyers together (2)" }] = $"{DemoOptions.Section}:{nameof(DemoOptions.SecondsBetweenPurchases)}",
};
var root = new RootCommand("People who list and buy on a site, through its public API, until they are stopped.");
foreach (var option in settings.Keys)
    root.Add(option);
root.SetAction(async (parsed, cancellationToken) =>
{
    var builder = Host.CreateApplicationBuilder();
    foreach (var (option, key) in settings)
    {
        if (parsed.GetResult(option) is { } result)
            builder.Configuration[key] = result.Tokens[0].Value;
    }
    builder.Services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.Section).ValidateDataAnnotations().ValidateOnStart();
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddSingleton<Site>();
    builder.Services.AddHostedService<Demonstration>();
    await builder.Build().RunAsync(cancellationToken);
});
// The host itself answers signals.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
