using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Ticketing.DatabaseSetup;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddOptions<SetupOptions>().BindConfiguration(SetupOptions.Section)
    .Configure<IConfiguration>((options, configuration) => options.Superuser = configuration.GetConnectionString("postgres") ?? "")
    .ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddHostedService<CreateDatabases>();
var host = builder.Build();
try
{
    host.Services.GetRequiredService<IStartupValidator>().Validate();
}
catch (OptionsValidationException wrong)
{
    Console.Error.WriteLine(string.Join(Environment.NewLine, wrong.Failures));
    return 1;
}
host.Run();
return Environment.ExitCode;
