using System.Collections.Frozen;

namespace Auspex.Expressions;

/// <summary>
/// Time zones by their Windows ids, which is how Data Factory names them in expressions and triggers. The framework
/// maps
/// these ids only where the machine has the ICU library, so the product brings the mapping with it.
/// </summary>
public static class WindowsTimeZones
{
    private static readonly FrozenDictionary<string, string> IanaIds = Parse();

    /// <summary>How a search for a zone ended.</summary>
    public enum Outcome
    {
        /// <summary>The zone is there.</summary>
        Found,

        /// <summary>No Windows zone has this id; IANA ids are none either.</summary>
        Unknown,

        /// <summary>The id is right, but the machine has no rules for the zone (package tzdata).</summary>
        NoSystemData,
    }

    /// <summary>Every known Windows id.</summary>
    public static IReadOnlyCollection<string> Ids => IanaIds.Keys;

    /// <summary>
    /// Finds a zone with its daylight-saving rules by a Windows id such as <c>W. Europe Standard Time</c>, ignoring
    /// case.
    /// </summary>
    public static Outcome Find(string id, out TimeZoneInfo? zone)
    {
        ArgumentNullException.ThrowIfNull(id);
        zone = null;
        if (!IanaIds.TryGetValue(id, out var names))
        {
            return Outcome.Unknown;
        }

        if (names == "Etc/UTC")
        {
            zone = TimeZoneInfo.Utc;
            return Outcome.Found;
        }

        foreach (var name in names.Split('|'))
        {
            if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone))
            {
                return Outcome.Found;
            }
        }

        return Outcome.NoSystemData;
    }

    private static FrozenDictionary<string, string> Parse() => Table
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('='))
        .ToFrozenDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);

    // Where a zone was renamed, the older name follows behind the bar: time zone data of several ages is in use.
    private const string Table = """
        Afghanistan Standard Time=Asia/Kabul
        Alaskan Standard Time=America/Anchorage
        Alberta Standard Time=America/Edmonton
        Aleutian Standard Time=America/Adak
        Altai Standard Time=Asia/Barnaul
        Arab Standard Time=Asia/Riyadh
        Arabian Standard Time=Asia/Dubai
        Arabic Standard Time=Asia/Baghdad
        Argentina Standard Time=America/Argentina/Buenos_Aires|America/Buenos_Aires
        Astrakhan Standard Time=Europe/Astrakhan
        Atlantic Standard Time=America/Halifax
        AUS Central Standard Time=Australia/Darwin
        Aus Central W. Standard Time=Australia/Eucla
        AUS Eastern Standard Time=Australia/Sydney
        Azerbaijan Standard Time=Asia/Baku
        Azores Standard Time=Atlantic/Azores
        Bahia Standard Time=America/Bahia
        Bangladesh Standard Time=Asia/Dhaka
        Belarus Standard Time=Europe/Minsk
        Bougainville Standard Time=Pacific/Bougainville
        British Columbia Standard Time=America/Vancouver
        Canada Central Standard Time=America/Regina
        Cape Verde Standard Time=Atlantic/Cape_Verde
        Caucasus Standard Time=Asia/Yerevan
        Cen. Australia Standard Time=Australia/Adelaide
        Central America Standard Time=America/Guatemala
        Central Asia Standard Time=Asia/Bishkek
        Central Brazilian Standard Time=America/Cuiaba
        Central Europe Standard Time=Europe/Budapest
        Central European Standard Time=Europe/Warsaw
        Central Pacific Standard Time=Pacific/Guadalcanal
        Central Standard Time=America/Chicago
        Central Standard Time (Mexico)=America/Mexico_City
        Chatham Islands Standard Time=Pacific/Chatham
        China Standard Time=Asia/Shanghai
        Cuba Standard Time=America/Havana
        Dateline Standard Time=Etc/GMT+12
        E. Africa Standard Time=Africa/Nairobi
        E. Australia Standard Time=Australia/Brisbane
        E. Europe Standard Time=Europe/Chisinau
        E. South America Standard Time=America/Sao_Paulo
        Easter Island Standard Time=Pacific/Easter
        Eastern Standard Time=America/New_York
        Eastern Standard Time (Mexico)=America/Cancun
        Egypt Standard Time=Africa/Cairo
        Ekaterinburg Standard Time=Asia/Yekaterinburg
        Fiji Standard Time=Pacific/Fiji
        FLE Standard Time=Europe/Kyiv|Europe/Kiev
        Georgian Standard Time=Asia/Tbilisi
        GMT Standard Time=Europe/London
        Greenland Standard Time=America/Nuuk|America/Godthab
        Greenwich Standard Time=Atlantic/Reykjavik|Africa/Abidjan
        GTB Standard Time=Europe/Bucharest
        Haiti Standard Time=America/Port-au-Prince
        Hawaiian Standard Time=Pacific/Honolulu
        India Standard Time=Asia/Kolkata|Asia/Calcutta
        Iran Standard Time=Asia/Tehran
        Israel Standard Time=Asia/Jerusalem
        Jordan Standard Time=Asia/Amman
        Kaliningrad Standard Time=Europe/Kaliningrad
        Kamchatka Standard Time=Asia/Kamchatka
        Korea Standard Time=Asia/Seoul
        Libya Standard Time=Africa/Tripoli
        Line Islands Standard Time=Pacific/Kiritimati
        Lord Howe Standard Time=Australia/Lord_Howe
        Magadan Standard Time=Asia/Magadan
        Magallanes Standard Time=America/Punta_Arenas
        Manitoba Standard Time=America/Winnipeg
        Marquesas Standard Time=Pacific/Marquesas
        Mauritius Standard Time=Indian/Mauritius
        Mid-Atlantic Standard Time=Etc/GMT+2
        Middle East Standard Time=Asia/Beirut
        Montevideo Standard Time=America/Montevideo
        Morocco Standard Time=Africa/Casablanca
        Mountain Standard Time=America/Denver
        Mountain Standard Time (Mexico)=America/Mazatlan
        Myanmar Standard Time=Asia/Yangon|Asia/Rangoon
        N. Central Asia Standard Time=Asia/Novosibirsk
        Namibia Standard Time=Africa/Windhoek
        Nepal Standard Time=Asia/Kathmandu|Asia/Katmandu
        New Zealand Standard Time=Pacific/Auckland
        Newfoundland Standard Time=America/St_Johns
        Norfolk Standard Time=Pacific/Norfolk
        North Asia East Standard Time=Asia/Irkutsk
        North Asia Standard Time=Asia/Krasnoyarsk
        North Korea Standard Time=Asia/Pyongyang
        Omsk Standard Time=Asia/Omsk
        Pacific SA Standard Time=America/Santiago
        Pacific Standard Time=America/Los_Angeles
        Pacific Standard Time (Mexico)=America/Tijuana
        Pakistan Standard Time=Asia/Karachi
        Paraguay Standard Time=America/Asuncion
        Qyzylorda Standard Time=Asia/Qyzylorda
        Romance Standard Time=Europe/Paris
        Russia Time Zone 10=Asia/Srednekolymsk
        Russia Time Zone 11=Asia/Kamchatka
        Russia Time Zone 3=Europe/Samara
        Russian Standard Time=Europe/Moscow
        SA Eastern Standard Time=America/Cayenne
        SA Pacific Standard Time=America/Bogota
        SA Western Standard Time=America/La_Paz
        Saint Pierre Standard Time=America/Miquelon
        Sakhalin Standard Time=Asia/Sakhalin
        Samoa Standard Time=Pacific/Apia
        Sao Tome Standard Time=Africa/Sao_Tome
        Saratov Standard Time=Europe/Saratov
        SE Asia Standard Time=Asia/Bangkok
        Singapore Standard Time=Asia/Singapore
        South Africa Standard Time=Africa/Johannesburg
        South Sudan Standard Time=Africa/Juba
        Sri Lanka Standard Time=Asia/Colombo
        Sudan Standard Time=Africa/Khartoum
        Syria Standard Time=Asia/Damascus
        Taipei Standard Time=Asia/Taipei
        Tasmania Standard Time=Australia/Hobart
        Tocantins Standard Time=America/Araguaina
        Tokyo Standard Time=Asia/Tokyo
        Tomsk Standard Time=Asia/Tomsk
        Tonga Standard Time=Pacific/Tongatapu
        Transbaikal Standard Time=Asia/Chita
        Turkey Standard Time=Europe/Istanbul
        Turks And Caicos Standard Time=America/Grand_Turk
        Ulaanbaatar Standard Time=Asia/Ulaanbaatar
        US Eastern Standard Time=America/Indiana/Indianapolis|America/Indianapolis
        US Mountain Standard Time=America/Phoenix
        UTC=Etc/UTC
        UTC+12=Etc/GMT-12
        UTC+13=Etc/GMT-13
        UTC-02=Etc/GMT+2
        UTC-08=Etc/GMT+8
        UTC-09=Etc/GMT+9
        UTC-11=Etc/GMT+11
        Venezuela Standard Time=America/Caracas
        Vladivostok Standard Time=Asia/Vladivostok
        Volgograd Standard Time=Europe/Volgograd
        W. Australia Standard Time=Australia/Perth
        W. Central Africa Standard Time=Africa/Lagos
        W. Europe Standard Time=Europe/Berlin
        W. Mongolia Standard Time=Asia/Hovd
        West Asia Standard Time=Asia/Tashkent
        West Bank Standard Time=Asia/Hebron
        West Pacific Standard Time=Pacific/Port_Moresby
        Yakutsk Standard Time=Asia/Yakutsk
        Yukon Standard Time=America/Whitehorse
        """;
}
