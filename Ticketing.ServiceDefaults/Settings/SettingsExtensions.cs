using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Ticketing.ServiceDefaults;

/// <summary>Settings as options that are checked before anything starts.</summary>
public static class SettingsExtensions
{
    /// <summary>
    /// Binds a section of the configuration; what breaks a property's attributes stops the start with its full name.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="section">The section's name.</param>
    /// <typeparam name="TOptions">Its settings.</typeparam>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this IHostApplicationBuilder builder, string section)
        where TOptions : class
    {
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new Attributes<TOptions>(section));
        return builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
    }

    private sealed class Attributes<TOptions>(string section) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var broken = new List<ValidationResult>();
            return Validator.TryValidateObject(options, new ValidationContext(options), broken, validateAllProperties: true)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(broken.Select(result => $"{section}__{result.MemberNames.First()}: {result.ErrorMessage}"));
        }
    }
}
