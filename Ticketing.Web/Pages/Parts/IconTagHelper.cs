using System.Collections.Frozen;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Ticketing.Web.Pages.Parts;

/// <summary>A small drawing beside a word: <c>&lt;icon name="place" /&gt;</c>. It says nothing itself to who cannot see it.</summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper : TagHelper
{
    /// <summary>In lines, on a square of 24.</summary>
    private static readonly FrozenDictionary<string, string> Drawings = new Dictionary<string, string>
    {
        ["ticket"] = "M3 8a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v2a2 2 0 0 0 0 4v2a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-2a2 2 0 0 0 0-4zM14 6v2.5M14 11v2M14 15.5V18",
        ["search"] = "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2 20.5 20.5",
        ["calendar"] = "M5 5.5h14a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 19V7A1.5 1.5 0 0 1 5 5.5zM3.5 10h17M8 3v4M16 3v4",
        ["place"] = "M12 21.5c4.5-4.3 7-7.9 7-11.2A7 7 0 0 0 5 10.3c0 3.3 2.5 6.9 7 11.2zM12 7.8a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
        ["menu"] = "M4 7h16M4 12h16M4 17h16",
        ["filter"] = "M4 7h16M7 12h10M10 17h4",
        ["user"] = "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5",
        ["bell"] = "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
        ["check"] = "M4.5 12.5l5 5L19.5 7",
        ["lock"] = "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        ["edit"] = "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5",
        ["offline"] = "M3 3l18 18M8.5 16.5a5 5 0 0 1 6.3-.7M5 13a10 10 0 0 1 4-2.400M2 9.5a15 15 0 0 1 4.5-2.800M12 5a15 15 0 0 1 10 4.5M15 10.400a10 10 0 0 1 4 2.600M12 20h.01",
    }.ToFrozenDictionary();

    /// <summary>Which one.</summary>
    public string Name { get; set; } = "";

    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "icon");
        output.Attributes.SetAttribute("viewBox", "0 0 24 24");
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Content.SetHtmlContent($"<path d=\"{Drawings[Name]}\"/>");
    }
}
